// What was found, as the search page of a server shows it: see kgpub.pages.search.

import { element } from "../shown";
import type { Excerpt } from "./excerpts";
import type { Request } from "./request";
import {
  PARTS, type EntityHit, type Found, type Hits, type Named, type Part, type PassageHit,
} from "./searching";

export interface SearchSettings {
  readonly language: string;
  /** Where the parts of the index are, and where the site begins, both from the page. */
  readonly index: string;
  readonly root: string;
  readonly build: string;
  readonly words: Readonly<Record<string, string>>;
  /** Directions of texts, by primary language. */
  readonly directions: Readonly<Record<string, string>>;
  readonly title: string;
}

type Value = string | number | Node;

export class Page {
  readonly #settings: SearchSettings;
  readonly #place: HTMLElement;
  readonly #status: HTMLElement;
  readonly #request: Request;

  constructor(
    settings: SearchSettings,
    place: HTMLElement,
    status: HTMLElement,
    request: Request,
  ) {
    this.#settings = settings;
    this.#place = place;
    this.#status = status;
    this.#request = request;
  }

  /** Say that something goes on, or what came of it. */
  tell(key: string, values: Readonly<Record<string, Value>> = {}): void {
    this.#status.replaceChildren(...this.#say(key, values));
  }

  /** Have the links to other languages ask for the same. */
  leadToOtherLanguages(): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("nav.languages a")) {
      link.search = location.search;
    }
  }

  show(found: Found, perPage: number): void {
    const { query } = found;
    document.title = `${query.text} – ${this.#words("search-title")} – ${this.#settings.title}`;
    const shown = PARTS.filter((part) => found[part].hits.length > 0);
    const notes = query.isCut ? [element("p", {}, ...this.#say("search-cut"))] : [];
    this.#place.replaceChildren(...notes, ...shown.map((part) => this.#part(part, found, perPage)));
    if (this.#request.part !== null) {
      const all = element("a", { href: this.#address({}) }, ...this.#say("search-all"));
      this.#place.append(element("p", {}, all));
    }
    if (shown.length === 0) {
      const key = query.terms.length > 0 ? "search-nothing" : "search-no-words";
      this.tell(key, { query: query.text });
      return;
    }
    const total = shown.reduce((sum, part) => sum + found[part].total, 0);
    const isMore = shown.some((part) => found[part].isMore);
    this.tell(isMore ? "search-at-least" : "search-count", { count: total });
  }

  #part(part: Part, found: Found, perPage: number): HTMLElement {
    const hits = found[part];
    const count = this.#say(hits.isMore ? "search-at-least" : "search-count", { count: hits.total });
    const some = hits.someOnly ? [" · ", ...this.#say("search-some")] : [];
    const list = element("ol", { class: "plain", start: String(hits.first + 1) });
    if (part === "entities") {
      list.append(...found.entities.hits.map((hit) => element("li", {}, ...this.#thing(hit))));
    } else {
      list.append(...found[part].hits.map((hit) => element("li", {}, this.#passage(hit))));
    }
    return element(
      "section",
      { class: "found", "aria-labelledby": part },
      element("h2", { id: part }, ...this.#say(`search-${part}`)),
      element("p", { class: "muted" }, ...count, ...some),
      list,
      ...this.#pages(part, hits, perPage),
    );
  }

  #thing({ entity, kind, matched, matchedName, matchedLanguage }: EntityHit): (Node | string)[] {
    const isShown = matchedName === entity.name && matchedLanguage === entity.language;
    const marked = this.#marked(matched, matchedLanguage);
    const name = isShown ? marked : this.#text(entity.name, entity.language);
    const other = isShown ? [] : [" · ", ...this.#say("search-found-as", { name: marked })];
    const note = element("span", { class: "muted" }, this.#text(kind.name, kind.language), ...other);
    return [this.#linked(entity, name), " ", note];
  }

  #passage({ anchor, excerpt, language, article, speakers }: PassageHit): HTMLElement {
    const said = speakers.flatMap((each) => [this.#reference(each), " · "]);
    const where = this.#say("search-in", { article: this.#reference(article) });
    const href = this.#href(article);
    const passage =
      anchor === "" || href === null
        ? []
        : [" · ", element("a", { href: `${href}#${anchor}` }, ...this.#say("search-passage"))];
    const words = element("p", { dir: this.#direction(language) }, this.#marked(excerpt, language));
    const footer = element("footer", {}, ...said, ...where, ...passage);
    return element("blockquote", {}, words, footer);
  }

  #pages(part: Part, hits: Hits<unknown>, perPage: number): HTMLElement[] {
    const isAlone = this.#request.part !== null;
    const after = hits.first + hits.hits.length;
    const links: HTMLElement[] = [];
    if (hits.first > 0) {
      const from = Math.max(0, hits.first - perPage);
      const href = this.#address({ in: part, ...(from > 0 ? { from } : {}) });
      links.push(element("a", { href, rel: "prev" }, ...this.#say("search-previous")));
    }
    if (after < hits.total) {
      const href = this.#address({ in: part, ...(isAlone ? { from: after } : {}) });
      links.push(element("a", { href, rel: "next" }, ...this.#say("search-next")));
    }
    if (links.length === 0) return [];
    const id = `${part}-pages`;
    // Called like its part, too: there may be one of each part.
    const label = { "aria-label": this.#words("search-pages"), "aria-labelledby": `${id} ${part}` };
    return [element("nav", { id, ...label }, element("p", {}, ...links))];
  }

  #address(values: Readonly<Record<string, string | number>>): string {
    const parameters = new URLSearchParams({ q: this.#request.text });
    for (const [name, value] of Object.entries(values)) parameters.set(name, String(value));
    return `?${parameters.toString()}`;
  }

  #reference(named: Named): HTMLElement {
    return this.#linked(named, this.#text(named.name, named.language));
  }

  #linked(named: Named, text: HTMLElement): HTMLElement {
    const href = this.#href(named);
    return href === null ? text : element("a", { href }, text);
  }

  #href({ page }: Named): string | null {
    return page === null ? null : `${this.#settings.root}${page}.${this.#settings.language}.html`;
  }

  #marked({ pieces, isCutBefore, isCutAfter }: Excerpt, language: string): HTMLElement {
    const parts = pieces.map(([text, isMarked]) => (isMarked ? element("mark", {}, text) : text));
    const isolated = this.#text("", language);
    isolated.append(isCutBefore ? "… " : "", ...parts, isCutAfter ? " …" : "");
    return isolated;
  }

  #text(text: string, language: string): HTMLElement {
    const lang = language === "" ? {} : { lang: language };
    return element("bdi", { ...lang, dir: this.#direction(language) }, text);
  }

  #direction(language: string): string {
    return this.#settings.directions[language.toLowerCase().split("-")[0] ?? ""] ?? "auto";
  }

  #words(key: string): string {
    const text = this.#settings.words[key];
    if (text === undefined) throw new Error(`no words for ${key}`);
    return text;
  }

  /** Return a text of the page's language with values in it, each isolated. */
  #say(key: string, values: Readonly<Record<string, Value>> = {}): (Node | string)[] {
    return this.#words(key)
      .split(/(\{\w+\})/)
      .filter((part) => part !== "")
      .map((part) => {
        const value = values[/^\{(\w+)\}$/.exec(part)?.[1] ?? ""];
        if (value === undefined) return part;
        return value instanceof Node ? value : element("bdi", {}, String(value));
      });
  }
}
