// How names sound, in one alphabet for Arabic and Latin script: see kgpub.names.sounds.
//
// Folded texts hold letters, digits and spaces only, so that a word is what stands between spaces.

import { mapOf, translating, type Rules } from "./rules";

export const KURDISH = /[ەۆێڤ]/;
export const MARKED = /[şșšśçčćžżźğĝĵŝĉñňḥẖḫẕġʿ‘ťřâ]/iu;
const CARRIER = /ئ(?=[ەۆێاوی])/g;
const ARABIC_RULES = /تش|(?<=.)[هY](?![^ ])|(.)\1+/gu;
const OPEN = /(?<![^ ])[aeiouQ]+|(?<![^ ])[wv](?=[aeiouywQ]|[^ 0-9aeiou])|(?<![^ ])y/gu;
const RUN = /(.)\1+/gu;

export class Sounds {
  readonly #kurdish: (text: string) => string;
  readonly #arabic: (text: string) => string;
  readonly #classes: (text: string) => string;
  readonly #latinRules: RegExp;
  readonly #digraphs: ReadonlyMap<string, string>;
  /** Return lower-case Latin text with marked letters written as the sound they stand for. */
  readonly latinMarks: (text: string) => string;

  constructor({ sounds }: Rules) {
    this.#kurdish = translating(sounds.kurdish);
    this.#arabic = translating(sounds.arabic);
    this.#classes = translating(sounds.classes);
    this.latinMarks = translating(sounds.latin);
    this.#digraphs = mapOf(sounds.digraphs);
    const digraphs = [...this.#digraphs.keys()].sort((one, other) => other.length - one.length);
    const rest = "c(?=[eiy])|(?<=[aeiou])h(?![^ ])|(.)\\1+";
    this.#latinRules = new RegExp(`${digraphs.join("|")}|${rest}`, "gu");
  }

  /** Return Kurdish text with the letters for its vowels as sounds, without their carrier. */
  kurdishVowels(text: string): string {
    return this.#kurdish(text.replace(CARRIER, ""));
  }

  /** Return the sound of a folded Arabic-script text. */
  arabic(folded: string): string {
    const ruled = folded.replace(ARABIC_RULES, (run: string, doubled: string | undefined) =>
      run === "تش" ? "C" : (doubled ?? "Y"),
    );
    return this.#arabic(ruled);
  }

  /** Return the sound of a folded Latin-script text. */
  latin(folded: string): string {
    const ruled = folded.replace(this.#latinRules, (run: string) => {
      if (run === "c") return "s";
      if (run === "h") return "Y";
      return this.#digraphs.get(run) ?? [...run][0] ?? "";
    });
    return ruled.replaceAll("c", "k");
  }

  /** Return the consonants of a sound that every transliteration keeps, by class. */
  skeleton(sound: string): string {
    const opened = sound.replace(OPEN, (run) => {
      const first = run[0] ?? "";
      return "wv".includes(first) ? "W" : first === "y" ? "I" : "A";
    });
    return this.#classes(opened).replace(RUN, "$1");
  }
}
