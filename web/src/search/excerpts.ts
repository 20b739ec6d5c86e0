// Shows where a text has what is looked for: see kgpub.search.excerpts.

import { asSorani, isSorani, type Folding, type Place } from "./folding";
import type { Hearing } from "./hearing";
import { places, type Sought } from "./sought";
import { cut, isSpace } from "./text";

const MAX_EXCERPT = 280;
const MAX_READ = 100_000;
const MAX_MARKS = 200;
const BEFORE = 60;

/** A piece of a text in parts, each marked or not; it was cut before and after, or not. */
export interface Excerpt {
  readonly pieces: readonly (readonly [text: string, isMarked: boolean])[];
  readonly isCutBefore: boolean;
  readonly isCutAfter: boolean;
}

/** Return the piece of a text that has most of what is looked for. */
export function excerpt(
  text: string,
  sought: readonly Sought[],
  folding: Folding,
  hearing: Hearing,
  language = "",
): Excerpt {
  const read = cut(text, MAX_READ);
  const found = apart(
    places(isSorani(language) ? asSorani(read) : read, sought, MAX_MARKS, folding, hearing),
  );
  const characters = [...text];
  const whole = characters.length <= MAX_EXCERPT;
  const start = whole ? 0 : begin(characters, best(found, MAX_EXCERPT - BEFORE));
  const end = whole ? characters.length : ending(characters, start + MAX_EXCERPT);
  const marks = found.filter(([from, to]) => start <= from && to <= end);
  const pieces: [string, boolean][] = [];
  let last = start;
  for (const [from, to] of marks) {
    pieces.push([characters.slice(last, from).join(""), false]);
    pieces.push([characters.slice(from, to).join(""), true]);
    last = to;
  }
  pieces.push([characters.slice(last, end).join(""), false]);
  return { pieces, isCutBefore: start > 0, isCutAfter: end < characters.length };
}

/** Return the places with those that overlap put together. */
function apart(found: readonly Place[]): Place[] {
  const made: [number, number][] = [];
  for (const [start, end] of found) {
    const last = made.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(end, last[1]);
    else made.push([start, end]);
  }
  return made;
}

/** Return where most places begin that lie within `length`; 0 where there are none. */
function best(found: readonly Place[], length: number): number {
  let [where, most, last] = [0, 0, 0];
  for (const [first, [start]] of found.entries()) {
    last = Math.max(last, first);
    while ((found[last]?.[1] ?? Infinity) <= start + length) last += 1;
    if (last - first > most) [where, most] = [start, last - first];
  }
  return where;
}

function begin(characters: readonly string[], first: number): number {
  const start = Math.max(0, first - BEFORE);
  if (start === 0) return 0;
  for (let at = start; at < first; at += 1) {
    if (isSpace(characters[at] ?? "")) return at + 1;
  }
  return first;
}

function ending(characters: readonly string[], wanted: number): number {
  if (wanted >= characters.length) return characters.length;
  for (let at = wanted; at > Math.max(0, wanted - BEFORE); at -= 1) {
    if (isSpace(characters[at] ?? "")) return at;
  }
  return wanted;
}
