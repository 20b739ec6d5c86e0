// What somebody looks for: see kgpub.search.query.

import { asSorani, type Folding } from "./folding";
import { KURDISH_LETTERS } from "./forms";
import { cut, isSpace, lengthOf, SPACE, split } from "./text";

export const MAX_TEXT = 300;
const MAX_TERMS = 12;
const MAX_PHRASE = 12;
const QUOTES = '"“”„‟«»';
const PARTS = new RegExp(`[${QUOTES}]([^${QUOTES}]*)(?:[${QUOTES}]|$)|([^${QUOTES}]+)`, "g");
const CONTROLS = new RegExp(
  `(?![${SPACE}])[\\0-\\x1f\\x7f-\\x9f]|[\\u202a-\\u202e\\u2066-\\u2069]`,
  "g",
);
const ARTICLES = ["al", "el", "the", "ال"];

/** Folded words that are looked for next to each other; mostly one. */
export interface Term {
  readonly words: readonly string[];
  readonly isPhrase: boolean;
  readonly isPrefix: boolean;
}

export interface Query {
  readonly text: string;
  readonly terms: readonly Term[];
  readonly isOpen: boolean;
  readonly isCut: boolean;
}

/** Return what a text looks for. */
export function parsed(text: string, folding: Folding): Query {
  let read = cut(text, MAX_TEXT);
  if (KURDISH_LETTERS.test(read)) read = asSorani(read);
  const terms: Term[] = [];
  for (const [, quoted, plain] of read.matchAll(PARTS)) {
    if (quoted !== undefined) {
      const words = folding.words(quoted);
      const isPhrase = words.length > 1;
      if (words.length > 0) {
        terms.push({ words: words.slice(0, MAX_PHRASE), isPhrase, isPrefix: false });
      }
    } else {
      terms.push(...single(plain ?? "", folding));
    }
  }
  const needed = terms.filter((term) => term.isPhrase || !ARTICLES.includes(term.words[0] ?? ""));
  const kept = unique(needed.length > 0 ? needed : terms);
  const last = [...read].at(-1) ?? "";
  return {
    text: split(cut(text, MAX_TEXT).replace(CONTROLS, "")).join(" "),
    terms: kept.slice(0, MAX_TERMS),
    isOpen: kept.length > 0 && !isSpace(last) && folding.fold(last) !== "",
    isCut: lengthOf(text) > MAX_TEXT || kept.length > MAX_TERMS,
  };
}

function single(text: string, folding: Folding): Term[] {
  return split(text).flatMap((piece) => {
    const words = folding.words(piece);
    const isStarred = piece.endsWith("*");
    return words.map((word, index) => ({
      words: [word],
      isPhrase: false,
      isPrefix: isStarred && index === words.length - 1,
    }));
  });
}

function unique(terms: readonly Term[]): Term[] {
  return [...new Map(terms.map((term) => [JSON.stringify(term), term])).values()];
}
