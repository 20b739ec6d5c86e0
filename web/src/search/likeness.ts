// How much more alike two sounds are than chance would have it: see kgpub.names.likeness.

import { mapOf, type LikenessTable } from "./rules";

const OTHER = "?";
const SOUNDS = new Set(`abCdDefgGhHijklmnopqQrsStTuvwXyYzZ${OTHER}`);
const MAX_SOUNDS = 60;

type Scores = ReadonlyMap<string, number>;

/** Return a sound as a sequence to compare: no spaces, OTHER for what is no sound, cut. */
export function plain(sound: string): string[] {
  const joined = [...sound.replaceAll(" ", "")].slice(0, MAX_SOUNDS);
  return joined.map((one) => (SOUNDS.has(one) ? one : OTHER));
}

export class Likeness {
  readonly #pairs: ReadonlyMap<string, Scores>;
  readonly #gaps: Scores;
  readonly #gapsOfOther: Scores;
  readonly #typical: Scores;
  readonly #typicalOfOther: Scores;

  constructor(table: LikenessTable) {
    this.#pairs = new Map([...mapOf(table.pairs)].map(([one, row]) => [one, mapOf(row)]));
    this.#gaps = mapOf(table.gaps);
    this.#gapsOfOther = mapOf(table.gaps_of_other);
    this.#typical = mapOf(table.typical);
    this.#typicalOfOther = mapOf(table.typical_of_other);
  }

  /** Return the most that the one or the other would have with another spelling. */
  expected(one: readonly string[], other: readonly string[]): number {
    return Math.max(sum(one, this.#typical), sum(other, this.#typicalOfOther));
  }

  /** Return the likeness of two sounds, best aligned; both as `plain` gives them. */
  of(one: readonly string[], other: readonly string[]): number {
    const [first, last] = alikeEnds(one, other);
    const ends = [...one.slice(0, first), ...(last > 0 ? one.slice(-last) : [])];
    const alike = ends.reduce((total, sound) => total + this.#pair(sound, sound), 0);
    const [inner, inner2] = [one.slice(first, one.length - last), other.slice(first, other.length - last)];
    return alike + this.#aligned(inner, inner2);
  }

  /** Return the score of the best global alignment (Needleman and Wunsch, 1970). */
  #aligned(one: readonly string[], other: readonly string[]): number {
    const alone = sum(one, this.#gaps) + sum(other, this.#gapsOfOther);
    const row = new Array<number>(other.length).fill(0);
    let left = 0;
    for (const sound of one) {
      let diagonal = 0;
      left = 0;
      for (const [place, their] of other.entries()) {
        const gain =
          this.#pair(sound, their) - (this.#gaps.get(sound) ?? 0) - (this.#gapsOfOther.get(their) ?? 0);
        const paired = diagonal + gain;
        diagonal = row[place] ?? 0;
        left = Math.max(left, diagonal, paired);
        row[place] = left;
      }
    }
    return alone + left;
  }

  #pair(one: string, other: string): number {
    return this.#pairs.get(one)?.get(other) ?? 0;
  }
}

function sum(sounds: readonly string[], scores: Scores): number {
  return sounds.reduce((total, sound) => total + (scores.get(sound) ?? 0), 0);
}

/** Return how many sounds two have in common at the beginning, and of the rest at the end. */
function alikeEnds(one: readonly string[], other: readonly string[]): [number, number] {
  const shorter = Math.min(one.length, other.length);
  let first = 0;
  while (first < shorter && one[first] === other[first]) first += 1;
  let last = 0;
  while (last < shorter - first && one.at(-1 - last) === other.at(-1 - last)) last += 1;
  return [first, last];
}
