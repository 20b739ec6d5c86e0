// A name as written, and what it has in common with its other spellings: see kgpub.names.name.

import type { Folding } from "./folding";
import { ARTICLE } from "./forms";
import { KURDISH, MARKED, type Sounds } from "./sounds";
import { cut, SPACE, split } from "./text";
import type { Titles } from "./titles";

const MAX_LENGTH = 300;
const MAX_READINGS = 8;

const LETTERS = "\\u0620-\\u064a\\u066e-\\u06d3\\u06d5\\u06ee\\u06ef\\u06fa-\\u06ff\\u0750-\\u077f";
export const ARABIC = new RegExp(`[${LETTERS}]`);
const LATIN = /[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]/;
const MIXED = new RegExp(
  `(?<=[${LETTERS}])[aiyouw](?![a-z])|(?<![a-z])[aiyouw](?=[${LETTERS}])`,
  "g",
);
const LATIN_IN_ARABIC: Readonly<Record<string, string>> = {
  a: "ا", i: "ي", y: "ي", o: "و", u: "و", w: "و",
};

const SLAVE_OF = /(?<![^ ])(عبد|عبيد)ال(?=[^ ][^ ])/gu;
const LATIN_SLAVE_OF = /(?<![^ ])abd[aeiou]*l?l? ?(?:[aeu]l )?(?=[a-z]{3})/g;
const ARTICLES = /(?<![^ ])ال ?(?=[^ ][^ ])|(?<![^ ])ا([تدرزسشطن]) (?=\1)/gu;
const HAS_ARTICLE = new RegExp(ARTICLES.source, "u");
const NO_ARTICLE = /(?<![\p{L}\p{N}_])[أإآ]ل/u;
const BEGINS_WITHOUT = /^[أإآ]ل/;
const LATIN_ARTICLES =
  /(?<![^ ])(?:al|el|ul|ash|esh|il) (?=[^ ])|(?<![^ ])[aeu]([dnrstz])h? (?=\1)|(?<=[^ ]) (?:e|ye|i)(?= [^ ])/gu;
const KUNYA = /(?<![^ ])(?:ابي|ابا|ابو)(?![^ ]) ?(?=[^ ])/gu;
const KUNYA_HEADS = ["ابو", "ابي", "ابا", "ام", "abu", "abou", "abi", "aboo", "umm", "um"];
const SON_OF = ["بن", "ابن", "بنت", "bin", "ibn", "ben", "bint"];
const CLITICS = "وفبلك";
const ASIDE = new RegExp(
  `[${SPACE}]*(?:\\([^()]*\\)|\\[[^\\[\\]]*\\])[${SPACE}]*` +
    `|,[${SPACE}]*(?:jr|sr|ii|iii)(?![\\p{L}\\p{N}_])\\.?`,
  "giu",
);
const PARTS = new RegExp(`[${SPACE}]+[-–—/|][${SPACE}]+|[${SPACE}]*[/|][${SPACE}]*`, "u");
const ARABIC_NISBA = /^ال[^ ]{2,}ي$/u;
const LATIN_NISBA = /^(?:al|el) [^ ]{2,}(?:i|y)$/u;
const STRIP = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");

export interface Name {
  readonly key: string;
  readonly bare: string;
  readonly sound: string;
  readonly skeleton: string;
}

export class Names {
  readonly #folding: Folding;
  readonly #sounds: Sounds;
  readonly #titles: Titles;

  constructor(folding: Folding, sounds: Sounds, titles: Titles) {
    this.#folding = folding;
    this.#sounds = sounds;
    this.#titles = titles;
  }

  /** Return a name as it stands, nothing left out but its articles. */
  read(text: string): Name {
    const written = cut(text, MAX_LENGTH);
    return this.#reading(written, this.#folding.fold(written));
  }

  /** Return the ways to read a name of running text, the plainest first. */
  readings(text: string): Name[] {
    const found = new Map<string, Name>();
    const add = (name: Name) => {
      if (name.key !== "" && name.bare !== "" && !found.has(name.bare)) found.set(name.bare, name);
    };
    for (const written of writtenReadings(cut(text, MAX_LENGTH))) {
      const key = this.#folding.fold(written);
      if (key !== "") add(this.#reading(written, key));
    }
    for (const { key } of [...found.values()]) {
      for (const shorter of this.#wordReadings(key)) add(this.#reading(shorter, shorter));
    }
    for (const { key } of [...found.values()]) {
      // الكساندر begins with no article, whatever it looks like.
      if (HAS_ARTICLE.test(key)) add(this.#reading(key, key, true));
    }
    return [...found.values()].slice(0, MAX_READINGS);
  }

  #reading(written: string, key: string, keepsArticle = false): Name {
    let bare = key.replace(LATIN_SLAVE_OF, "abd ").replace(LATIN_ARTICLES, "");
    let sound = "";
    if (ARABIC.test(key)) {
      const loose = mended(key).replace(SLAVE_OF, "$1 ال").replace(KUNYA, "ابو ");
      bare = keepsArticle ? loose : withoutArticles(loose, written);
      const spoken = KURDISH.test(written)
        ? this.#folding.fold(this.#sounds.kurdishVowels(written))
        : bare;
      sound = this.#sounds.arabic(spoken);
    } else if (LATIN.test(key)) {
      sound = this.#sounds.latin(this.#marked(written) ?? bare);
    }
    return { key, bare: bare.replaceAll(" ", ""), sound, skeleton: this.#sounds.skeleton(sound) };
  }

  #marked(written: string): string | null {
    if (!MARKED.test(written)) return null;
    const folded = this.#folding.fold(this.#sounds.latinMarks(written.toLowerCase()));
    return folded.replace(LATIN_SLAVE_OF, "abd ").replace(LATIN_ARTICLES, "");
  }

  /** Yield a folded name without title, clitic, kunya or nisba. */
  *#wordReadings(key: string): Generator<string> {
    for (const [words, isStripped] of this.#withoutTitle(key.split(" "))) {
      if (isStripped) yield words.join(" ");
      yield* withoutClitic(words);
      if (words.length > 2) yield* shorter(words);
    }
  }

  *#withoutTitle(words: readonly string[]): Generator<[words: readonly string[], boolean]> {
    yield [words, false];
    let first = words[0] ?? "";
    if (!this.#titles.begins(first) && CLITICS.includes(first[0] ?? " ")) {
      // والدكتور, للرئيس: the clitic stands before the title.
      first = first.startsWith("لل") ? ARTICLE + first.slice(2) : first.slice(1);
    }
    if (!this.#titles.begins(first)) return;
    const length = this.#titles.length([first, ...words.slice(1)]);
    if (length > 0) yield [words.slice(length), true];
  }
}

function mended(key: string): string {
  if (!LATIN.test(key)) return key;
  return key.replace(MIXED, (letter) => LATIN_IN_ARABIC[letter] ?? letter);
}

function withoutArticles(loose: string, written: string): string {
  const all = loose.replace(ARTICLES, "");
  if (!NO_ARTICLE.test(written)) return all;
  const [words, asWritten] = [loose.split(" "), split(written.normalize("NFC"))];
  if (words.length !== asWritten.length) return all;
  return words
    .map((word, index) =>
      BEGINS_WITHOUT.test(asWritten[index] ?? "") ? word : word.replace(ARTICLES, ""),
    )
    .join(" ");
}

/** Yield the parts of a name as written that may be all of it: without asides, one script. */
function* writtenReadings(text: string): Generator<string> {
  yield text;
  const plain = text.replace(ASIDE, " ").replace(STRIP, "");
  if (plain !== text.replace(STRIP, "") && plain !== "") yield plain;
  if (ARABIC.test(text) && LATIN.test(text)) {
    const words = split(plain);
    const other = words.filter((word) => LATIN.test(word) && !ARABIC.test(word)).join(" ");
    if (other !== "") {
      yield words.filter((word) => ARABIC.test(word)).join(" ");
      yield other;
    }
  }
  if (PARTS.test(plain)) yield* plain.split(PARTS).slice(0, 3);
}

function* withoutClitic(words: readonly string[]): Generator<string> {
  const first = words[0] ?? "";
  if ([...first].length < 4 || !CLITICS.includes(first[0] ?? " ")) return;
  const rest = first.startsWith("لل") ? first.slice(2) : first.slice(1);
  yield [rest, ...words.slice(1)].join(" ");
}

/** Yield names of three words and more without kunya, `son of`, or a nisba at the end. */
function* shorter(words: readonly string[]): Generator<string> {
  if (words.slice(1).some((word) => SON_OF.includes(word))) {
    yield words.filter((word) => !SON_OF.includes(word)).join(" ");
  }
  if (KUNYA_HEADS.includes(words[0] ?? "") && words.length > 3) yield words.slice(2).join(" ");
  const isNisba =
    ARABIC_NISBA.test(words.at(-1) ?? "") || LATIN_NISBA.test(words.slice(-2).join(" "));
  const length = ["al", "el"].includes(words.at(-2) ?? "") ? 2 : 1;
  if (isNisba && words.length - length > 1) yield words.slice(0, -length).join(" ");
}
