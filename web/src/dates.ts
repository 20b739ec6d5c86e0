// Dates as spans of time: XML Schema's, and EDTF levels 0 and 1 (ISO 8601-2:2019).

/** From the first millisecond to the first one after; infinite where an end is open or unknown. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const YEAR = String.raw`(-?\d{4,6}|-?\d{1,3}X{1,3}|-?\dXXX|Y-?\d{5,6})`;
const REST = String.raw`(?:-(\d\d|XX)(?:-(\d\d|XX)(?:T[\d:.]+)?)?)?(?:Z|[+-]\d\d:\d\d)?[?~%]?`;
const DATE = new RegExp(`^${YEAR}${REST}$`);

/** Return the span of a date or an interval, or null for what is none. */
export function span(text: string): Span | null {
  const slash = text.indexOf("/");
  if (slash < 0) return single(text);
  const start = end(text.slice(0, slash));
  const stop = end(text.slice(slash + 1));
  if (start === null || stop === null || start.from > stop.to) return null;
  return { from: start.from, to: stop.to };
}

function end(text: string): Span | null {
  return text === "" || text === ".." ? { from: -Infinity, to: Infinity } : single(text);
}

function single(text: string): Span | null {
  const found = dated(text);
  // Years that lie further off than numbers of milliseconds reach.
  return found === null || Number.isNaN(found.from + found.to) ? null : found;
}

function dated(text: string): Span | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [, year = "", month, day] = match;
  const digits = year.replace("Y", "");
  // Of -19XX the earliest year has the larger digits.
  const [low, high] = ["0", "9"].map((digit) => Number(digits.replaceAll("X", digit)));
  const [first, last] = digits.startsWith("-") ? [high, low] : [low, high];
  if (first === undefined || last === undefined) return null;
  // Seasons (21 to 24) lie in other months elsewhere: of them only the year is sure.
  if (month === undefined || month === "XX" || (Number(month) >= 21 && Number(month) <= 41)) {
    return { from: instant(first, 1, 1), to: instant(last + 1, 1, 1) };
  }
  const inYear = Number(month);
  if (first !== last || inYear < 1 || inYear > 12) return null;
  if (day === undefined || day === "XX") {
    return { from: instant(first, inYear, 1), to: instant(first, inYear + 1, 1) };
  }
  const from = instant(first, inYear, Number(day));
  const isReal = new Date(from).getUTCDate() === Number(day);
  return isReal ? { from, to: instant(first, inYear, Number(day) + 1) } : null;
}

function instant(year: number, month: number, day: number): number {
  // Date.UTC takes years before 100 for those after 1900.
  const date = new Date(0);
  return date.setUTCFullYear(year, month - 1, day);
}
