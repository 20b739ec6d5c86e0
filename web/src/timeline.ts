// Rows with dates, in order of time: each with its span drawn on one axis.

import type { Answer, Row, Term } from "./answer";
import { span, type Span } from "./dates";
import { element, shown as shownTerm } from "./shown";
import { drawn } from "./svg";
import type { Shown, View } from "./view";

const MOST = 500;
const WIDTH = 1000;
const TICKS = 6;
const BEGIN = /^(start|since|from|begin|earliest|certainFrom)/i;
const END = /^(end|until|to$|latest|certainUntil)/i;
const DATATYPE = /#(date|dateTime|gYear|gYearMonth)$|\/EDTF$/;
const CALLED =
  /start|end|since|from|until|time|date|day|year|begin|earliest|latest|published|certain/i;
const DAY = 86_400_000;

/** The columns that tell when: one, or those of the beginning and of the end. */
export interface When {
  readonly start: string;
  readonly end: string;
}

interface Entry {
  readonly row: Row;
  readonly from: number | null;
  readonly to: number | null;
}

/** Return the columns with dates that rows are ordered by, or null where there are none. */
export function when(answer: Answer): When | null {
  const dated = answer.columns.filter((column) => isDated(column, answer.rows));
  const start = dated.find((column) => BEGIN.test(column));
  const end = dated.find((column) => END.test(column));
  if (start !== undefined && end !== undefined) return { start, end };
  const only = start ?? end ?? dated[0];
  return only === undefined ? null : { start: only, end: only };
}

function isDated(column: string, rows: readonly Row[]): boolean {
  let count = 0;
  for (const row of rows) {
    const term = row.get(column);
    if (term === undefined) continue;
    if (!isDate(term, column)) return false;
    count += 1;
  }
  return count > 0;
}

function isDate(term: Term, column: string): boolean {
  const isSaid = DATATYPE.test(term.datatype ?? "") || CALLED.test(column);
  return term.type === "literal" && isSaid && span(term.value) !== null;
}

export const timeline: View = (shown) => {
  const { answer, say } = shown;
  const columns = when(answer);
  if (columns === null) return element("p", {}, say("no-dates"));
  const entries = answer.rows
    .map((row) => entryOf(row, columns))
    .filter((entry) => entry !== null)
    .sort((left, right) => (left.from ?? left.to ?? 0) - (right.from ?? right.to ?? 0));
  const kept = entries.slice(0, MOST);
  const axis = axisOf(kept);
  const others = answer.columns.filter((each) => each !== columns.start && each !== columns.end);
  const items = kept.map((entry) => itemOf(entry, columns, others, axis, shown));
  const list = element("ol", { class: "query-timeline" }, ...items);
  const undated = answer.rows.length - entries.length;
  const notes = [
    ...(kept.length < entries.length
      ? [say("some-rows", { shown: kept.length, count: entries.length })]
      : []),
    ...(undated > 0 ? [say("undated", { count: undated })] : []),
  ];
  return element(
    "div",
    {},
    ...notes.map((note) => element("p", { class: "query-note" }, note)),
    scaleOf(axis, isMirrored()),
    list,
  );
};

function entryOf(row: Row, columns: When): Entry | null {
  const [start, end] = [columns.start, columns.end].map((column) => spanOf(row.get(column)));
  const from = start?.from ?? null;
  const to = end?.to ?? null;
  return from === null && to === null ? null : { row, from: finite(from), to: finite(to) };
}

function spanOf(term: Term | undefined): Span | null {
  return term === undefined ? null : span(term.value);
}

function finite(instant: number | null): number | null {
  return instant === null || !Number.isFinite(instant) ? null : instant;
}

/** Return the span of all entries, somewhat wider, so that open ends are seen to go on. */
function axisOf(entries: readonly Entry[]): Span {
  let [from, to] = [Infinity, -Infinity];
  for (const entry of entries) {
    for (const instant of [entry.from, entry.to]) {
      if (instant === null) continue;
      from = Math.min(from, instant);
      to = Math.max(to, instant);
    }
  }
  if (from > to) return { from: 0, to: DAY };
  const margin = Math.max((to - from) / 20, DAY);
  return { from: from - margin, to: to + margin };
}

function isMirrored(): boolean {
  return document.documentElement.dir === "rtl";
}

function itemOf(
  entry: Entry,
  columns: When,
  others: readonly string[],
  axis: Span,
  shown: Shown,
): HTMLElement {
  const what = element("div", { class: "what" });
  for (const column of others) {
    const term = entry.row.get(column);
    if (term === undefined) continue;
    what.append(element("span", {}, shownTerm(term, shown.settings, shown.names)), " ");
  }
  const time = element("bdi", { dir: "ltr" }, timeOf(entry.row, columns));
  return element("li", {}, element("div", { class: "when" }, time), what, barOf(entry, axis));
}

function timeOf(row: Row, { start, end }: When): string {
  const from = row.get(start)?.value ?? "";
  if (start === end) return from;
  return `${from} – ${row.get(end)?.value ?? ""}`.trim();
}

/** Return a bar; what is not known of it is drawn lighter, to the edge. */
function barOf(entry: Entry, axis: Span): SVGElement {
  const place = placing(axis, isMirrored());
  const known = [entry.from ?? entry.to ?? axis.from, entry.to ?? entry.from ?? axis.to];
  const [from = 0, to = 0] = known.map(place).sort((left, right) => left - right);
  const width = Math.max(to - from, 4);
  const bar = drawn("rect", { x: from, y: 4, width, height: 8, rx: 2, class: "bar" });
  const open = [];
  if (entry.from === null) open.push([place(axis.from), place(entry.to ?? axis.to)]);
  if (entry.to === null) open.push([place(entry.from ?? axis.from), place(axis.to)]);
  const lighter = open.map(([left = 0, right = 0]) =>
    drawn("rect", {
      x: Math.min(left, right),
      y: 6,
      width: Math.abs(right - left),
      height: 4,
      class: "open",
    }),
  );
  const viewBox = `0 0 ${WIDTH} 16`;
  const attributes = { viewBox, preserveAspectRatio: "none", "aria-hidden": "true" };
  return drawn("svg", attributes, ...lighter, bar);
}

function placing(axis: Span, mirrored: boolean): (instant: number) => number {
  return (instant) => {
    const x = ((instant - axis.from) / (axis.to - axis.from)) * WIDTH;
    return Math.round(mirrored ? WIDTH - x : x);
  };
}

/** Return years, months or days, below which the bars stand. */
function scaleOf(axis: Span, mirrored: boolean): SVGElement {
  const place = placing(axis, mirrored);
  const texts = ticks(axis).map(([instant, label]) =>
    drawn("text", { x: place(instant), y: 14, "text-anchor": "middle", direction: "ltr" }, label),
  );
  const viewBox = `0 0 ${WIDTH} 20`;
  return drawn("svg", { viewBox, class: "query-scale", "aria-hidden": "true" }, ...texts);
}

function ticks(axis: Span): [number, string][] {
  const length = (axis.to - axis.from) / DAY;
  if (length < 90) return days(axis);
  const years = length / 365;
  return years > 4 ? months(axis, 12 * round(years / TICKS)) : months(axis, years > 1.5 ? 6 : 2);
}

/** Return the next larger number of years that people count by. */
function round(years: number): number {
  const power = 10 ** Math.max(Math.floor(Math.log10(years)), 0);
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= years) ?? 10 * power;
}

/** Return the first days of each so many months, by their names: 2016 or 2016-05. */
function months(axis: Span, step: number): [number, string][] {
  const begin = new Date(axis.from);
  const first = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / step) * step;
  const found: [number, string][] = [];
  for (let month = first; found.length < 2 * TICKS; month += step) {
    const [year, inYear] = [Math.floor(month / 12), month - 12 * Math.floor(month / 12)];
    const instant = new Date(0).setUTCFullYear(year, inYear, 1);
    if (instant > axis.to) break;
    const name = step % 12 === 0 ? `${year}` : `${year}-${String(inYear + 1).padStart(2, "0")}`;
    if (instant >= axis.from) found.push([instant, name]);
  }
  return found;
}

function days(axis: Span): [number, string][] {
  const step = (axis.to - axis.from) / TICKS;
  return Array.from({ length: TICKS - 1 }, (_, index) => {
    const instant = Math.floor((axis.from + (index + 1) * step) / DAY) * DAY;
    return [instant, new Date(instant).toISOString().slice(0, 10)];
  });
}
