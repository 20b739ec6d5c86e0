// What a word may be a form of: see kgpub.search.forms.

export const ARTICLE = "ال";
const LEAST_STEM = 3;
const FRAME_LEAST = 5;
export const KURDISH_LETTERS = /[ەۆێڵڕڤ]/;
const ARABIC_WORD = /^[\u0621-\u064aپچژگ]+$/;
const JOINED = /^([وف]?)(بال|كال|لل|ال|[بلك]|س(?=[ايتن])|)(.*)$/s;
const PRONOUNS = ["هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ه", "ك"];
const ARTICLES = ["بال", "كال", ARTICLE];
const SORANI_ENDINGS = [
  "هكانيان", "هكهيان", "هكاني", "هكان", "هكهي", "هكه", "يكي", "يك", "هكهش", "هوه",
  "اني", "انه", "ان", "يان", "مان", "تان", "يش", "ش", "ي", "ه",
];
const LONG_VOWELS: Readonly<Record<string, string>> = {
  ا: "", و: "", ي: "", پ: "ب", چ: "ج", گ: "ك",
};
const ASCII = /^[\x00-\x7f]*$/;

/** What a word may be a form of; `isSure` says that an article shows it. */
export interface Form {
  readonly stem: string;
  readonly isSure: boolean;
}

/** Yield what a folded word may be a form of, besides itself. */
export function* forms(word: string, isSorani: boolean): Generator<Form> {
  if (isSorani) {
    yield* soraniForms(word);
  } else {
    yield* arabicForms(word);
    yield* englishForms(word);
  }
}

function* arabicForms(word: string): Generator<Form> {
  if (!ARABIC_WORD.test(word)) return;
  const seen = new Set([word]);
  for (const [rest, hasArticle] of beginnings(word)) {
    for (const stem of [rest, ...withoutEnding(rest, hasArticle)]) {
      if (stem.length >= LEAST_STEM && !seen.has(stem)) {
        seen.add(stem);
        yield { stem, isSure: hasArticle && stem === rest };
      }
    }
  }
}

type Beginning = readonly [rest: string, hasArticle: boolean];

function* beginnings(word: string): Generator<Beginning> {
  yield [word, false];
  const [, conjunction = "", joined = "", rest = ""] = JOINED.exec(word) ?? [];
  if (conjunction !== "") yield [joined + rest, false];
  if (joined !== "") yield* after(joined, rest);
}

function* after(joined: string, rest: string): Generator<Beginning> {
  if (joined === "لل") {
    yield [rest, true];
    yield [`ل${rest}`, true];
  } else if (ARTICLES.includes(joined)) {
    yield [rest, true];
    if (joined !== ARTICLE) yield [joined.slice(1) + rest, false];
  } else {
    yield [rest, false];
  }
}

function* withoutEnding(word: string, hasArticle: boolean): Generator<string> {
  if (word.endsWith("ا")) yield word.slice(0, -1);
  if (hasArticle) return;
  for (const pronoun of PRONOUNS) {
    if (!word.endsWith(pronoun)) continue;
    const stem = word.slice(0, -pronoun.length);
    yield stem;
    if (stem.endsWith("ت")) yield `${stem.slice(0, -1)}ه`;
  }
}

function* soraniForms(word: string): Generator<Form> {
  for (const ending of SORANI_ENDINGS) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, -ending.length);
    if ([...stem].length >= LEAST_STEM) yield { stem, isSure: false };
  }
}

function* englishForms(word: string): Generator<Form> {
  if (ASCII.test(word) && word.endsWith("s") && word.length > LEAST_STEM) {
    yield { stem: word.slice(0, -1), isSure: false };
  }
}

/** Return what spellings of a long Arabic-script word share; "" for others. */
export function frame(word: string): string {
  if (!ARABIC_WORD.test(word)) return "";
  const isLong = word.length > LEAST_STEM + 2;
  const bare = isLong && word.startsWith(ARTICLE) ? word.slice(ARTICLE.length) : word;
  const shared =
    [...bare.slice(0, -1)].map((letter) => LONG_VOWELS[letter] ?? letter).join("") + bare.slice(-1);
  return shared.length >= FRAME_LEAST ? shared : "";
}
