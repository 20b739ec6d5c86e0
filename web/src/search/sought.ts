// What is looked for, each term with the words that count as it: see kgpub.search.sought.

import type { Folding, Place, Word } from "./folding";
import { ARTICLE } from "./forms";
import type { Hearing } from "./hearing";
import type { Term } from "./query";

const LEAST_PREFIX = 2;
export const MAX_FORMS = 40;

interface Counting {
  readonly forms: readonly string[];
  readonly spellings: readonly string[];
  readonly isPrefix: boolean;
  readonly isKnown: boolean;
  readonly skeleton: string;
  readonly count: number;
}

/** A term of a query with what counts as it; `count` is how often texts have any of these words. */
export class Sought {
  readonly word: string;
  readonly firsts: ReadonlySet<string>;

  constructor(
    readonly term: Term,
    readonly of: Counting,
  ) {
    this.word = term.words[0] ?? "";
    this.firsts = new Set([this.word, ...of.forms, ...of.spellings]);
  }

  /** The term without longer words, unless these are asked for. */
  get whole(): Sought {
    return new Sought(this.term, { ...this.of, isPrefix: this.term.isPrefix });
  }

  /** The term as texts are searched for it. */
  get inTexts(): Sought {
    const isLong = [...this.word].length >= LEAST_PREFIX;
    const isPrefix = this.of.isPrefix && !this.of.isKnown && isLong;
    return new Sought(this.term, { ...this.of, isPrefix, skeleton: "" });
  }

  get isLoose(): boolean {
    return this.of.isPrefix || this.of.skeleton !== "";
  }

  /** Whether a longer word begins with the term. */
  begins(word: string): boolean {
    return word.startsWith(this.word) || word.startsWith(ARTICLE + this.word);
  }

  /** Whether a word of a text counts as the term, or as its first word. */
  counts(word: string, hearing: Hearing): boolean {
    if (this.firsts.has(word)) return true;
    if (this.of.isPrefix && this.begins(word)) return true;
    return this.of.skeleton !== "" && hearing.alikeWords(this.word, word);
  }
}

/** Return where the terms stand in a text, in order, the first `most` places at most. */
export function places(
  text: string,
  sought: readonly Sought[],
  most: number,
  folding: Folding,
  hearing: Hearing,
): Place[] {
  const byFirst = new Map<string, Sought[]>();
  for (const each of sought) {
    for (const word of each.firsts) byFirst.set(word, [...(byFirst.get(word) ?? []), each]);
  }
  const loose = sought.filter((each) => each.isLoose);
  const longest = Math.max(1, ...sought.map((each) => each.term.words.length));
  const found: Place[] = [];
  for (const window of windows(folding.placed(text), longest)) {
    const [first] = window;
    if (first === undefined) continue;
    const begun =
      byFirst.get(first.folded) ?? loose.filter((each) => each.counts(first.folded, hearing));
    const lengths = begun
      .filter((each) => each.term.words.slice(1).every((word, at) => window[at + 1]?.folded === word))
      .map((each) => each.term.words.length);
    if (lengths.length === 0) continue;
    const last = window[Math.max(...lengths) - 1] ?? first;
    found.push([first.place[0], last.place[1]]);
    if (found.length === most) break;
  }
  return found;
}

/** Yield each word with those after it, `length` together or what there is. */
function* windows(words: Iterable<Word>, length: number): Generator<readonly Word[]> {
  let window: Word[] = [];
  for (const word of words) {
    window.push(word);
    if (window.length === length) {
      yield window;
      window = window.slice(1);
    }
  }
  while (window.length > 0) {
    yield window;
    window = window.slice(1);
  }
}
