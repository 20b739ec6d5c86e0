// Which article: one that is published, one that is begun in this browser, or a new one.

import { element } from "../shown";
import { NEW, type Drafts, type Kept } from "./drafts";
import type { Article, Server } from "./server";
import { found, type Say } from "./settings";

export interface PickingWishes {
  readonly say: Say;
  readonly language: string;
  readonly choose: (slug: string) => void;
}

/** Make the choice work. Returns what shows it, with what is begun by now. */
export function picking(server: Server, drafts: Drafts, wishes: PickingWishes): () => void {
  const { say, language, choose } = wishes;
  const place = found("submit-found", HTMLElement);
  const words = found("submit-q", HTMLInputElement);
  let last = 0;
  const search = async () => {
    const now = (last += 1);
    place.replaceChildren(element("p", {}, say("searching")));
    try {
      const { total, articles } = await server.articles(words.value);
      if (now !== last) return;
      const items = articles.map((each) => {
        return element("li", {}, button(titled(each, language), () => choose(each.slug)));
      });
      const text = total === 0 ? say("none") : say("some", { shown: items.length, count: total });
      const notes = total > items.length || total === 0 ? [element("p", {}, text)] : [];
      place.replaceChildren(element("ul", { class: "plain" }, ...items), ...notes);
    } catch (error) {
      if (now !== last) return;
      const why = error instanceof Error ? error.message : "";
      place.replaceChildren(element("p", {}, say("failed", { why })));
    }
  };
  found("submit-search", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void search();
  });
  found("submit-new", HTMLButtonElement).addEventListener("click", () => choose(NEW));
  return () => {
    begun(drafts.all(), wishes);
    if (place.childElementCount === 0) void search();
  };
}

function begun(kept: readonly Kept[], { say, language, choose }: PickingWishes): void {
  const place = found("submit-drafts", HTMLElement);
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const items = kept.map(({ slug, draft }) => {
    const name = element("bdi", {}, draft.title || (slug === NEW ? say("new") : slug));
    const at = element("span", { class: "submit-note" }, moment.format(draft.at));
    return element("li", {}, button(name, () => choose(slug)), " ", at);
  });
  const title = element("h3", {}, say("drafts"));
  place.replaceChildren(...(items.length === 0 ? [] : [title, element("ul", { class: "plain" }, ...items)]));
}

/** Return the title of an article in the language of the page, else in its own, else its slug. */
export function titled({ title, language = "", slug }: Article, shown: string): HTMLElement {
  const tag = [shown, language, ...Object.keys(title ?? {})].find((each) => title?.[each]);
  if (tag === undefined) return element("bdi", { dir: "ltr" }, slug);
  return element("bdi", { lang: tag }, title[tag] ?? slug);
}

function button(content: HTMLElement, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" }, content);
  made.addEventListener("click", act);
  return made;
}
