// Texts by code points, and white space as Python has it, so that places are those of the data.

/** White space (str.isspace of Python), for regular expressions. */
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES = new RegExp(`[${SPACE}]+`);
const IS_SPACE = new RegExp(`^[${SPACE}]$`);

/** Return the first `length` code points of a text. */
export function cut(text: string, length: number): string {
  // No more code points than units.
  return text.length <= length ? text : [...text].slice(0, length).join("");
}

/** Return how many code points a text has. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Return the pieces of a text between white space. */
export function split(text: string): string[] {
  return text.split(SPACES).filter((each) => each !== "");
}

export function isSpace(character: string): boolean {
  return IS_SPACE.test(character);
}

/** Compare texts by code points, as Python and SQLite do, and not by UTF-16 units. */
export function compare(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (a !== b) return order(a) - order(b);
  }
  return one.length - other.length;
}

/** Units of surrogates stand for code points behind all others. */
function order(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
