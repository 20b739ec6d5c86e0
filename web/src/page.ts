// The query page with JavaScript: the editor in place of the form's text, the answer below it.

import { read, RESULTS, TRIPLES } from "./answer";
import { editor } from "./editor";
import { Broken, MAX_MEGABYTES, Refused, type Endpoint } from "./endpoint";
import { names } from "./names";
import { declared } from "./prefixes";
import { Results } from "./results";
import type { Say, Settings } from "./settings";
import { element } from "./shown";
import { vocabulary } from "./vocabulary";

const PLACE = /^query:(\d+):(\d+):/;

/** What a page is to do in a way of its own; `query` gives the text as it stands. */
export interface Ways {
  readonly endpoint: Endpoint;
  /** What the editor completes: see kgpub.query_editor.terms. */
  readonly terms: Promise<unknown>;
  /** Let the reader have the whole answer as a file. */
  download(query: () => string): void;
}

/** The page once it works. */
export interface Started {
  /** Put another text in the place of the one that stands there. */
  replace(text: string): void;
}

export function found<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
}

/** Return what the page tells its scripts. */
export function settingsOf<Kind extends Settings>(): Kind {
  return JSON.parse(found("query-settings", HTMLScriptElement).textContent ?? "") as Kind;
}

/** Make the page work. */
export function start(settings: Settings, say: Say, ways: Ways): Started {
  const { endpoint, download } = ways;
  const form = found("query-form", HTMLFormElement);
  const area = found("query-text", HTMLTextAreaElement);
  const results = new Results(found("query-answer", HTMLElement), settings, say);
  const place = element("div", { class: "query-editor", dir: "ltr" });
  const terms = vocabulary(ways.terms, settings);
  const stop = button(say("stop"), () => running?.abort());
  let running: AbortController | null = null;

  const query = editor(place, {
    text: area.value,
    settings,
    say,
    terms,
    changed: (text) => {
      area.value = text;
      link.href = linkTo(text);
    },
    run: () => void run(),
  });
  const linkTo = (text: string) =>
    `?${new URLSearchParams({ lang: settings.language, query: text }).toString()}`;
  const link = element("a", { href: linkTo(area.value) }, say("link"));

  const run = async () => {
    running?.abort();
    const now = new AbortController();
    running = now;
    stop.hidden = false;
    results.tell(say("running"));
    const begun = performance.now();
    try {
      const { mediaType, text, isCut } = await endpoint.ask(query.text(), now.signal);
      const seconds = (performance.now() - begun) / 1000;
      if (isCut || ![RESULTS, TRIPLES].includes(mediaType)) {
        results.tell(say("cut", { size: MAX_MEGABYTES }));
        return;
      }
      const answer = read(text, mediaType);
      const called = await names(answer, await terms, settings, endpoint, now.signal);
      results.show(answer, text, called, seconds);
    } catch (error) {
      if (running === now) tellWhy(error);
    } finally {
      if (running === now) stop.hidden = true;
    }
  };

  const tellWhy = (error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") {
      results.tell(say("stopped"));
    } else if (error instanceof Refused) {
      refuse(error);
    } else if (error instanceof Broken || error instanceof SyntaxError) {
      results.refuse(say("broken"), null);
    } else {
      results.refuse(say("unreachable"), null);
    }
  };

  const refuse = ({ message, spot }: Refused) => {
    const [, written, after] = PLACE.exec(message)?.map(Number) ?? [];
    const { line, column } = spot ?? { line: written, column: after };
    if (line === undefined || column === undefined) {
      results.refuse(message, null);
      return;
    }
    // The editor shows the place, where Arabic is not moved away from what points at it.
    const told = message.replace(/(?<=\n)(?:.*\n)? *\^ *$\n?/m, "").trim();
    query.mark(line, column, told);
    const goTo = button(say("go-to", { line, column }), () => query.goTo(line, column));
    results.refuse(told, goTo);
  };

  // An element that is hidden could not say that it is empty; the server says so.
  area.required = false;
  area.hidden = true;
  area.before(place);
  found("query-label", HTMLElement).addEventListener("click", () => query.focus());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  const save = button(say("download"), () => download(() => query.text()));
  const declare = button(say("declare"), () => {
    query.replace(declared(query.text(), settings.prefixes));
  });
  stop.hidden = true;
  found("query-run", HTMLButtonElement).after(stop);
  form.querySelector(".query-form")?.after(save, declare, link);
  form.querySelector(".query-note")?.replaceChildren(say("help"));
  return { replace: (text) => query.replace(text) };
}

export function button(text: string, press: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", press);
  return made;
}
