// Where words stand in an article: character for character, as the server looks for them.

import type { Written } from "./written";

const MOST = 1_000;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Return all places where words stand, overlapping ones too; of very many the first. */
export function places(text: string, words: string): Span[] {
  const found: Span[] = [];
  if (words.trim() === "") return found;
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    found.push({ from: at, to: at + words.length });
    if (found.length === MOST) break;
  }
  return found;
}

/** Words of a statement as they stand in the article. */
export interface Marked extends Span {
  /** Whether it is one of several places, of which none is chosen. */
  readonly isUnsure: boolean;
  /** Whether they are those of the statement that is written at the moment. */
  readonly isCurrent: boolean;
}

/** Return what statements quote, as it stands in the article, and the words of that at a caret. */
export function marks(
  written: Written,
  article: string,
  caret: number,
): { readonly marked: readonly Marked[]; readonly current: Span | null } {
  let current: Span | null = null;
  const marked = written.quotes.flatMap(({ words, occurrence, statement }) => {
    const all = places(article, words);
    const which = occurrence === null ? all : all.slice(occurrence - 1, occurrence);
    const isCurrent = statement.from <= caret && caret <= statement.to;
    if (isCurrent) current ??= which[0] ?? null;
    return which.map((each) => ({ ...each, isUnsure: which.length > 1, isCurrent }));
  });
  return { marked, current };
}

/** Words that somebody has selected; which of several places it is, where there are several. */
export interface Chosen {
  readonly words: string;
  readonly occurrence: number | null;
}

/** Return the words of a selection, without the space that a mouse takes along at either end. */
export function chosen(article: string, { from, to }: Span): Chosen | null {
  const selected = article.slice(from, to);
  const words = selected.trim();
  if (words === "") return null;
  const start = from + selected.indexOf(words);
  const all = places(article, words);
  const number = all.findIndex((each) => each.from === start) + 1;
  return { words, occurrence: all.length > 1 && number > 0 ? number : null };
}
