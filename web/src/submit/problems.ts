// What is wrong: underlined in the editor, and as a list that leads to each place.

import type { Diagnostic } from "@codemirror/lint";
import { element } from "../shown";
import { places } from "./grounding";
import { spanAt } from "./paths";
import { lineStarts, offsetOf } from "./points";
import type { Schema } from "./schema";
import { FACTS, type Problem, type Report } from "./server";
import type { Say } from "./settings";
import { plain } from "./completing";
import type { Written } from "./written";

const MOST_SHOWN = 50;

/** Return the problems of a report that lie in the facts, at their places in `text`. */
export function reported(report: Report, text: string): Diagnostic[] {
  const starts = lineStarts(text);
  return report.problems
    .filter(({ file }) => file === FACTS)
    .map(({ line, column, endColumn, severity, message, remedy }) => {
      const from = offsetOf(text, starts, line, column);
      const to = endColumn === undefined ? from : offsetOf(text, starts, line, endColumn);
      const whole = remedy === "" ? message : `${message}\n${remedy}`;
      return { ...visible(text, from, to), severity, message: whole };
    });
}

/** Return what this page can tell by itself: the grammar, unknown keys and values, absent words. */
export function local(written: Written, article: string, schema: Schema | null, say: Say): Diagnostic[] {
  const { text, document, broken, quotes } = written;
  if (broken !== null) {
    return [{ ...visible(text, broken, broken), severity: "error", message: say("not-yaml") }];
  }
  const found: Diagnostic[] = [];
  const add = (from: number, to: number, message: string) =>
    found.push({ ...visible(text, from, to), severity: "error", message });
  for (const { words, occurrence, at } of quotes) {
    if (article === "") break;
    const number = places(article, words).length;
    if (number === 0) add(at.from, at.to, say("words-absent"));
    else if (number > 1 && occurrence === null) {
      add(at.from, at.to, say("words-several", { number }));
    }
  }
  for (const { path, kind, text: wrong } of schema?.faults(plain(document)) ?? []) {
    const span = spanAt(document, path, kind === "key-unknown");
    const values = kind === "key-unknown" ? { key: wrong } : { value: wrong };
    if (span !== null) add(span.from, span.to, say(kind, values));
  }
  return found.sort((one, other) => one.from - other.from);
}

/** Show problems as a list; those that are not in the facts have nowhere to lead. */
export function listed(
  list: HTMLElement,
  problems: readonly Problem[],
  diagnostics: readonly Diagnostic[],
  text: string,
  language: string,
  say: Say,
  goTo: (offset: number) => void,
): void {
  const elsewhere = problems.filter(({ file }) => file !== FACTS);
  const items = [
    ...elsewhere.map(({ message, remedy, severity }) =>
      element("li", { class: severity }, `${say("in-article")}: `, told(message, remedy, language)),
    ),
    ...diagnostics.map(({ from, message, severity }) => {
      const [first = "", ...rest] = message.split("\n");
      const button = element("button", { type: "button" }, say("go-to", placeOf(text, from)));
      button.addEventListener("click", () => goTo(from));
      return element("li", { class: severity }, button, " ", told(first, rest.join("\n"), language));
    }),
  ];
  list.replaceChildren(...items.slice(0, MOST_SHOWN));
}

function told(message: string, remedy: string, language: string): HTMLElement {
  const words = element("span", { lang: language, dir: "auto" }, message);
  if (remedy !== "") words.append(element("small", {}, remedy));
  return words;
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: [...before.slice(before.lastIndexOf("\n") + 1)].length + 1 };
}

/** Return a range in which something can be underlined. */
function visible(text: string, from: number, to: number): { from: number; to: number } {
  if (to > from) return { from, to };
  const end = text.indexOf("\n", from);
  const stop = end === -1 ? text.length : end;
  const word = /^[^\s:,[\]{}]+/.exec(text.slice(from, stop))?.[0].length ?? 0;
  if (word > 0) return { from, to: from + word };
  return from < stop ? { from, to: from + 1 } : { from: Math.max(from - 1, 0), to: from };
}
