// Which words of an index count as those of a query: see kgpub.index.vocabulary.

import { ARTICLE, forms, frame, KURDISH_LETTERS } from "./forms";
import type { Hearing } from "./hearing";
import type { Counted, Index } from "./index";
import type { Query, Term } from "./query";
import { MAX_FORMS, Sought } from "./sought";
import { compare } from "./text";

const MAX_STEMS = 20;

/** Return the terms of a query with the words that count as each. */
export function sought(query: Query, index: Index, hearing: Hearing): Promise<Sought[]> {
  const isSorani = KURDISH_LETTERS.test(query.text);
  const last = query.terms.length - 1;
  return Promise.all(
    query.terms.map((term, number) =>
      soughtAs(term, isSorani, query.isOpen && number === last, index, hearing),
    ),
  );
}

async function soughtAs(
  term: Term,
  isSorani: boolean,
  isOpen: boolean,
  index: Index,
  hearing: Hearing,
): Promise<Sought> {
  const word = term.words[0] ?? "";
  const formed = await formsOf(word, isSorani, index);
  const spelt = term.isPhrase ? [] : await spellings(word, index);
  const counts = new Map([...formed, ...spelt].map((each) => [each.word, each.count]));
  const others = (found: readonly Counted[]) =>
    found.map((each) => each.word).filter((each) => each !== word);
  return new Sought(term, {
    forms: others(formed),
    spellings: others(spelt),
    isPrefix: !term.isPhrase && (term.isPrefix || isOpen),
    isKnown: !term.isPhrase && formed.length > 0 && !term.isPrefix,
    skeleton: term.isPhrase ? "" : hearing.of(word),
    count: [...counts.values()].reduce((total, count) => total + count, 0),
  });
}

/** Return the words that count as `word`, itself too: the best established. */
async function formsOf(word: string, isSorani: boolean, index: Index): Promise<Counted[]> {
  const stems = [word, ...(await accepted(word, isSorani, index))].slice(0, MAX_STEMS);
  const found = new Map<string, Counted>();
  for (const known of await Promise.all(stems.map((stem) => index.word(stem)))) {
    if (known === null) continue;
    const { forms, ...own } = known;
    for (const each of own.strength > 0 ? [own, ...forms] : forms) found.set(each.word, each);
  }
  return strongest([...found.values()]);
}

/** Return the stems that count: those that an article shows, and those stronger than `word`. */
async function accepted(word: string, isSorani: boolean, index: Index): Promise<string[]> {
  const own = await strength(word, index);
  const judged = [...forms(word, isSorani)].map(async ({ stem, isSure }) => {
    const counts = isSure || (await strength(stem, index)) > own;
    return counts ? [stem] : [];
  });
  return (await Promise.all(judged)).flat();
}

/** Return how established a word is, alone or with the article; 0 for an unknown one. */
async function strength(word: string, index: Index): Promise<number> {
  const known = await Promise.all([word, ARTICLE + word].map((each) => index.word(each)));
  return Math.max(...known.map((each) => each?.strength ?? 0));
}

async function spellings(word: string, index: Index): Promise<Counted[]> {
  const shared = frame(word);
  return shared === "" ? [] : strongest(await index.framed(shared));
}

function strongest(words: readonly Counted[]): Counted[] {
  const sorted = [...words].sort(
    (one, other) => other.strength - one.strength || compare(one.word, other.word),
  );
  return sorted.slice(0, MAX_FORMS);
}
