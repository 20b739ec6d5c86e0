// Titles that newspapers put before a name: see kgpub.names.titles.

import { ARTICLE } from "./forms";
import { mapOf, type Rules } from "./rules";

const MAX_WORDS = 5;

type Phrases = ReadonlyMap<string, readonly (readonly string[])[]>;

export class Titles {
  readonly #addresses: Phrases;
  readonly #offices: Phrases;
  readonly #complements: ReadonlySet<string>;

  constructor({ titles }: Rules) {
    this.#addresses = phrases(titles.addresses);
    this.#offices = phrases(titles.offices);
    this.#complements = new Set(titles.complements);
  }

  /** Whether a title may begin with a folded word. */
  begins(word: string): boolean {
    return this.#addresses.has(word) || this.#offices.has(word);
  }

  /** Return how many of the first folded words are titles; at least one word is none. */
  length(words: readonly string[]): number {
    let taken = 0;
    while (taken < words.length - 1) {
      const step = this.#one(words.slice(taken));
      if (step === 0) break;
      taken += step;
    }
    return taken;
  }

  #one(words: readonly string[]): number {
    const office = longest(this.#offices, words);
    if (office > 0) {
      let end = office;
      const last = Math.min(words.length - 1, office + MAX_WORDS);
      while (end < last && this.#goesOn(words[end] ?? "")) end += 1;
      if (end > office) return end;
    }
    return Math.max(longest(this.#addresses, words), office);
  }

  #goesOn(word: string): boolean {
    return word.startsWith(ARTICLE) || this.#complements.has(word);
  }
}

function phrases(table: Readonly<Record<string, readonly string[]>>): Phrases {
  const made = new Map<string, readonly (readonly string[])[]>();
  for (const [first, those] of mapOf(table)) {
    made.set(first, those.map((each) => each.split(" ")));
  }
  return made;
}

function longest(table: Phrases, words: readonly string[]): number {
  for (const phrase of table.get(words[0] ?? "") ?? []) {
    const stands = phrase.every((word, index) => words[index] === word);
    if (phrase.length < words.length && stands) return phrase.length;
  }
  return 0;
}
