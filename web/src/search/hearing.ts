// How words of names sound: see kgpub.search.sounds.

import { Likeness, plain } from "./likeness";
import { ARABIC, type Name, type Names } from "./names";
import { mapOf, type Rules } from "./rules";

const LEAST_SKELETON = 2;
/** By whether any and both are in Arabic script, as the tables are. */
const LEAST_ALIKE: Readonly<Record<string, number>> = { "10": 0.4, "00": 0.95, "11": 0.97 };

/** Return the skeleton of a name, however its words are parted; "" where it is very short. */
export function joined(name: Name): string {
  const skeleton = name.skeleton.replaceAll(" ", "");
  return [...skeleton].length > LEAST_SKELETON ? skeleton : "";
}

export class Hearing {
  readonly #names: Names;
  readonly #tables: ReadonlyMap<string, Likeness>;
  readonly #known = new Map<string, string>();

  constructor(names: Names, { likeness }: Rules) {
    this.#names = names;
    const tables = [...mapOf(likeness)];
    this.#tables = new Map(tables.map(([scripts, table]) => [scripts, new Likeness(table)]));
  }

  /** Return the skeleton that a word of a name is found by, "" for a very short one. */
  of(word: string): string {
    let sound = this.#known.get(word);
    if (sound === undefined) {
      sound = this.#names.read(word).skeleton.replaceAll(" ", "");
      if ([...sound].length < LEAST_SKELETON) sound = "";
      this.#known.set(word, sound);
    }
    return sound;
  }

  /** Whether two folded words may be one name, written by its sound. */
  alikeWords(word: string, other: string): boolean {
    return this.of(word) !== "" && this.of(word) === this.of(other) && this.alike(word, other);
  }

  /** Whether two folded names sound so alike that they may be spellings of one. */
  alike(one: string, other: string): boolean {
    const [arabic, arabicToo] = [ARABIC.test(one), ARABIC.test(other)];
    let [first, second] = [one, other].map((name) => plain(this.#names.read(name).sound));
    if (first === undefined || second === undefined) return false;
    if (arabicToo && !arabic) [first, second] = [second, first];
    const scripts = `${Number(arabic || arabicToo)}${Number(arabic && arabicToo)}`;
    const table = this.#tables.get(scripts);
    if (table === undefined) return false;
    const most = Math.max(table.expected(first, second), 1);
    return table.of(first, second) / most >= (LEAST_ALIKE[scripts] ?? 1);
  }
}
