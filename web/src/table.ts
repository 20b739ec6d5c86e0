// An answer as a table that is sorted by its headings, and grows by a page at a time.

import { OBJECT, PREDICATE, SUBJECT, type Answer, type Row } from "./answer";
import type { Say } from "./settings";
import { element, called, shown as shownTerm } from "./shown";
import type { Shown, View } from "./view";

const PAGE = 200;
const OF_TRIPLES: readonly string[] = [SUBJECT, PREDICATE, OBJECT];

export const table: View = (shown) => {
  const { answer, say } = shown;
  const body = element("tbody");
  const more = element("button", { type: "button", class: "more" });
  let rows = answer.rows;
  let count = 0;
  const grow = () => {
    const next = rows.slice(count, count + PAGE);
    body.append(...next.map((row, index) => rowOf(row, count + index + 1, shown)));
    count += next.length;
    more.hidden = count >= rows.length;
    more.textContent = say("more", { count: rows.length - count });
  };
  const heads = answer.columns.map((column) => headOf(column, answer, say));
  heads.forEach((head, index) => {
    head.querySelector("button")?.addEventListener("click", () => {
      const isUp = head.getAttribute("aria-sort") !== "ascending";
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      rows = sorted(answer.columns[index] ?? "", isUp, shown);
      count = 0;
      body.replaceChildren();
      grow();
    });
  });
  more.addEventListener("click", grow);
  grow();
  const number = element("th", { scope: "col" }, "#");
  const head = element("thead", {}, element("tr", {}, number, ...heads));
  // Can be scrolled, so the keyboard must reach it.
  const region = { class: "rows", role: "region", tabindex: "0", "aria-label": say("table") };
  const whole = element("div", region, element("table", {}, head, body));
  return element("div", {}, whole, more);
};

/** Return what a column is called: a variable, or the part of a triple. */
export function heading(column: string, answer: Answer, say: Say): string {
  const isOfTriples = answer.form === "triples" && OF_TRIPLES.includes(column);
  return isOfTriples ? say(column) : column;
}

function headOf(column: string, answer: Answer, say: Say): HTMLElement {
  const button = element("button", { type: "button" }, heading(column, answer, say));
  return element("th", { scope: "col" }, button);
}

function rowOf(row: Row, number: number, shown: Shown): HTMLElement {
  const cells = shown.answer.columns.map((column) => {
    const term = row.get(column);
    return element("td", {}, ...(term ? [shownTerm(term, shown.settings, shown.names)] : []));
  });
  return element("tr", {}, element("th", { scope: "row" }, String(number)), ...cells);
}

/** Return the rows by what is shown in a column; those that have nothing there come last. */
function sorted(column: string, isUp: boolean, shown: Shown): Row[] {
  const { answer, settings, names } = shown;
  const collator = new Intl.Collator(settings.language, { numeric: true });
  const keyed = answer.rows.map((row) => {
    const term = row.get(column);
    return { row, key: term === undefined ? null : called(term, settings, names) };
  });
  keyed.sort((left, right) => {
    if (left.key === null || right.key === null) {
      return Number(left.key === null) - Number(right.key === null);
    }
    return (isUp ? 1 : -1) * collator.compare(left.key, right.key);
  });
  return keyed.map(({ row }) => row);
}
