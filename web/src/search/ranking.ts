// How well a name fits what is looked for: see kgpub.search.ranking.

import { ARTICLE } from "./forms";
import { joined, type Hearing } from "./hearing";
import type { Names } from "./names";
import type { Query } from "./query";
import type { Sought } from "./sought";

/** How a name has what is looked for, best first. */
export const Fit = {
  exact: 0,
  equal: 1,
  words: 2,
  forms: 3,
  beginning: 4,
  sound: 5,
  part: 6,
} as const;

/** How a name fits: how many terms it has not, and how many of its words are no terms. */
export interface Fitting {
  readonly fit: number;
  readonly missing: number;
  readonly others: number;
}

/** A name as the index keeps it. */
export interface Stored {
  readonly key: string;
  readonly bare: string;
  readonly skeleton: string;
}

/** A whole query as a name: its key, and what readings of it have in common with others. */
export interface Wanted {
  readonly key: string;
  readonly bares: ReadonlySet<string>;
  readonly skeletons: ReadonlySet<string>;
}

export function wanted(query: Query, names: Names): Wanted {
  const readings = names.readings(query.text);
  return {
    key: names.read(query.text).key || query.terms.flatMap((term) => term.words).join(" "),
    bares: new Set(readings.map((reading) => reading.bare)),
    skeletons: new Set(readings.map(joined).filter((skeleton) => skeleton !== "")),
  };
}

type Found = readonly [term: number, fit: number];

/** Compares names with one query: what a word of a name is to the terms is found out once. */
export class Comparison {
  readonly #wanted: Wanted;
  readonly #sought: readonly Sought[];
  readonly #hearing: Hearing;
  readonly #known = new Map<string, readonly Found[]>();

  constructor(wanted: Wanted, sought: readonly Sought[], hearing: Hearing) {
    this.#wanted = wanted;
    this.#sought = sought;
    this.#hearing = hearing;
  }

  /** Return how a name fits, or null. */
  fitting(name: Stored): Fitting | null {
    if (name.key === this.#wanted.key) return { fit: Fit.exact, missing: 0, others: 0 };
    if (this.#wanted.bares.has(name.bare)) return { fit: Fit.equal, missing: 0, others: 0 };
    const words = name.key.split(" ").filter((word) => word !== "");
    const fits = new Map<number, number>();
    let others = 0;
    for (const word of words) {
      const found = this.#ofWord(word);
      if (found.length === 0) others += 1;
      for (const [term, fit] of found) fits.set(term, Math.min(fit, fits.get(term) ?? fit));
    }
    for (const [number, { term }] of this.#sought.entries()) {
      if (term.isPhrase && !stands(term.words, words)) fits.delete(number);
    }
    const missing = this.#sought.length - fits.size;
    const isNear = missing > 0 && this.#wanted.skeletons.has(name.skeleton);
    if (isNear && this.#hearing.alike(this.#wanted.key, name.key)) {
      // Abdulrahman is عبد الرحمن: what is one word in one script need not be in another.
      return { fit: Fit.sound, missing: 0, others: 0 };
    }
    if (fits.size === 0 || (missing > 0 && others > 0)) return null;
    return { fit: missing > 0 ? Fit.part : Math.max(...fits.values()), missing, others };
  }

  #ofWord(word: string): readonly Found[] {
    let found = this.#known.get(word);
    if (found === undefined) {
      found = this.#sought.flatMap((each, number): Found[] => {
        const fit = this.#wordFit(each, word);
        return fit === null ? [] : [[number, fit]];
      });
      this.#known.set(word, found);
    }
    return found;
  }

  #wordFit(sought: Sought, word: string): number | null {
    if (sought.term.isPhrase) return sought.term.words.includes(word) ? Fit.words : null;
    if (word === sought.word || word === ARTICLE + sought.word) return Fit.words;
    if (sought.firsts.has(word)) return Fit.forms;
    if (sought.of.isPrefix && sought.begins(word)) return Fit.beginning;
    const isHeard = sought.of.skeleton !== "" && this.#hearing.alikeWords(sought.word, word);
    return isHeard ? Fit.sound : null;
  }
}

function stands(phrase: readonly string[], words: readonly string[]): boolean {
  return words.some((_, at) => phrase.every((word, index) => words[at + index] === word));
}
