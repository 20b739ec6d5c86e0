// Words of a text as they are compared: see kgpub.names.letters and kgpub.search.words.

import type { Rules } from "./rules";
import { cut, isSpace } from "./text";

const MAX_WORD = 64;
const HANGUL = /^[\uac00-\ud7a3]$/;
const SORANI = ["ckb", "ku-arab"];

/** From a code point to before another, both of the text. */
export type Place = readonly [number, number];

export interface Word {
  readonly folded: string;
  readonly place: Place;
}

type Run = readonly [first: number, end: number];

export class Folding {
  readonly #others: ReadonlyMap<string, string>;
  readonly #spaces: readonly Run[];
  readonly #nothing: readonly Run[];
  readonly #known = new Map<string, string>();

  constructor({ folds }: Rules) {
    const others = new Map<string, string>();
    for (let at = 0; at + 1 < folds.others.length; at += 2) {
      others.set(folds.others[at] ?? "", folds.others[at + 1] ?? "");
    }
    this.#others = others;
    this.#spaces = runs(folds.spaces);
    this.#nothing = runs(folds.nothing);
  }

  /** Return the letters and digits of a text folded, words parted by one space each. */
  fold(text: string): string {
    let folded = "";
    for (const character of text) folded += this.of(character);
    return folded.replace(/ +/g, " ").replace(/^ | $/g, "");
  }

  /** Return the words of a text, folded, each cut. */
  words(text: string): string[] {
    const folded = this.fold(text);
    return folded === "" ? [] : folded.split(" ").map((word) => cut(word, MAX_WORD));
  }

  /** Return what one character folds to: letters, a digit, spaces, or nothing. */
  of(character: string): string {
    const known = this.#known.get(character);
    if (known !== undefined) return known;
    const folded = this.#folded(character);
    if (this.#known.size < 20_000) this.#known.set(character, folded);
    return folded;
  }

  #folded(character: string): string {
    const other = this.#others.get(character);
    if (other !== undefined) return other;
    const point = character.codePointAt(0) ?? 0;
    if (within(this.#spaces, point)) return " ";
    if (within(this.#nothing, point)) return "";
    return HANGUL.test(character) ? character.normalize("NFKD") : character;
  }

  /** Yield the words of a text with their places: the same words as `words`. */
  *placed(text: string): Generator<Word> {
    const characters = [...text];
    let start = 0;
    while (start < characters.length) {
      if (isSpace(characters[start] ?? "")) {
        start += 1;
        continue;
      }
      let end = start;
      while (end < characters.length && !isSpace(characters[end] ?? "")) end += 1;
      const piece = characters.slice(start, end);
      const folded = this.fold(piece.join(""));
      if (folded.includes(" ")) yield* this.#parted(piece, start);
      else if (folded !== "") yield this.#word(folded, piece, start);
      start = end;
    }
  }

  /** Yield the words of a piece in which something parts them. */
  *#parted(piece: readonly string[], offset: number): Generator<Word> {
    let [start, end, letters] = [0, 0, ""];
    for (const [place, character] of piece.entries()) {
      const folded = this.of(character).replace(/ +/g, " ");
      if (folded === "") {
        if (letters !== "") end = place + 1;
        continue;
      }
      for (const [number, part] of folded.split(" ").entries()) {
        if (number > 0 && letters !== "") {
          yield this.#word(letters, piece.slice(start, end), offset + start);
          letters = "";
        }
        if (part !== "") {
          if (letters === "") start = place;
          letters += part;
          end = place + 1;
        }
      }
    }
    if (letters !== "") yield this.#word(letters, piece.slice(start, end), offset + start);
  }

  /** Return a word where it stands: without punctuation, with marks that follow it. */
  #word(folded: string, piece: readonly string[], offset: number): Word {
    const isWord = (index: number) => this.of(piece[index] ?? "").trim() !== "";
    let [first, last] = [0, piece.length];
    while (!isWord(first)) first += 1;
    while (!isWord(last - 1)) last -= 1;
    while (last < piece.length && this.of(piece[last] ?? "") === "") last += 1;
    return { folded: cut(folded, MAX_WORD), place: [offset + first, offset + last] };
  }
}

function runs(numbers: readonly number[]): Run[] {
  const found: Run[] = [];
  let end = 0;
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    const first = end + (numbers[at] ?? 0);
    end = first + (numbers[at + 1] ?? 0);
    found.push([first, end]);
  }
  return found;
}

function within(sorted: readonly Run[], point: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [first, end] = sorted[middle] ?? [0, 0];
    if (point < first) high = middle;
    else if (point >= end) low = middle + 1;
    else return true;
  }
  return false;
}

/** Whether a language tag is of Sorani. */
export function isSorani(language: string): boolean {
  return SORANI.includes(language.toLowerCase());
}

/** Return Sorani text of the same length in which no vowel parts a word. */
export function asSorani(text: string): string {
  return text.replaceAll("ه\u200c", "ه\u200b");
}
