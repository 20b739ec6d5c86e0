// Answers queries from an index: see kgpub.service.search.searching, whose answers these are.

import { excerpt, type Excerpt } from "./excerpts";
import { Folding } from "./folding";
import { ARTICLE } from "./forms";
import { Hearing } from "./hearing";
import type { Entity, Index, NameRow, Section } from "./index";
import { Names } from "./names";
import { combined, phrase, type Postings } from "./postings";
import { parsed, type Query } from "./query";
import { Comparison, Fit, wanted, type Fitting, type Wanted } from "./ranking";
import { Sounds } from "./sounds";
import type { Sought } from "./sought";
import { compare } from "./text";
import { Titles } from "./titles";
import { sought } from "./vocabulary";

const MAX_NAMES = 200;
const MAX_PASSAGES = 1_000;
const MAX_SCORED = 5_000;
const MAX_WITH_ONE = 300;
const MAX_EQUAL = 100;
const CALLED_BY = [0, 3]; // roles of names that things are called by: own, called
const [K1, B] = [1.2, 0.75]; // of BM25, as SQLite has them (FTS5, section 5.1.1)

export const PARTS = ["entities", "statements", "articles"] as const;
export type Part = (typeof PARTS)[number];

/** A thing by its name in the page's language, else another; `page` as in Entity. */
export interface Named {
  readonly iri: string;
  readonly page: string | null;
  readonly name: string;
  readonly language: string;
}

export interface EntityHit {
  readonly entity: Named;
  readonly kind: Named;
  readonly matched: Excerpt;
  readonly matchedName: string;
  readonly matchedLanguage: string;
}

export interface PassageHit {
  readonly anchor: string;
  readonly excerpt: Excerpt;
  readonly language: string;
  readonly article: Named;
  readonly speakers: readonly Named[];
}

/** What was found of a kind; `total` is the least if `isMore`. `hits` are those asked for. */
export interface Hits<Hit> {
  readonly hits: readonly Hit[];
  readonly first: number;
  readonly total: number;
  readonly isMore: boolean;
  readonly someOnly: boolean;
}

export interface Found {
  readonly query: Query;
  readonly entities: Hits<EntityHit>;
  readonly statements: Hits<PassageHit>;
  readonly articles: Hits<PassageHit>;
}

/** How much of each part is wanted, from `first` on. */
export interface Asked {
  readonly counts: Readonly<Partial<Record<Part, number>>>;
  readonly first: number;
}

interface Best {
  readonly entity: Entity;
  readonly name: NameRow;
  readonly fit: Fitting;
}

const NOTHING = { hits: [], first: 0, total: 0, isMore: false, someOnly: false };

export class Search {
  readonly #index: Index;
  readonly #language: string;
  readonly #folding: Folding;
  readonly #names: Names;
  readonly #hearing: Hearing;

  constructor(index: Index, language: string) {
    this.#index = index;
    this.#language = language;
    this.#folding = new Folding(index.rules);
    this.#names = new Names(this.#folding, new Sounds(index.rules), new Titles(index.rules));
    this.#hearing = new Hearing(this.#names, index.rules);
  }

  /** Return the answer to what was typed. Throws Unreadable. */
  async find(text: string, asked: Asked): Promise<Found> {
    const query = parsed(text, this.#folding);
    const terms = await sought(query, this.#index, this.#hearing);
    if (terms.length === 0) {
      return { query, entities: NOTHING, statements: NOTHING, articles: NOTHING };
    }
    const entities =
      asked.counts.entities === undefined ? NOTHING : await this.#entities(query, terms, asked);
    return { query, entities, ...(await this.#passages(terms.map((each) => each.inTexts), asked)) };
  }

  async #entities(
    query: Query,
    terms: readonly Sought[],
    asked: Asked,
  ): Promise<Hits<EntityHit>> {
    const sameAs = wanted(query, this.#names);
    const [candidates, isMore] = await this.#candidates(sameAs, terms);
    const found = await this.#best(candidates, new Comparison(sameAs, terms, this.#hearing));
    const someOnly = found.length > 0 && found.every(({ fit }) => fit.fit === Fit.part);
    const best = someOnly ? found : found.filter(({ fit }) => fit.fit !== Fit.part);
    const shown = best.slice(asked.first, asked.first + (asked.counts.entities ?? 0));
    const hits = shown.map(({ entity, name }) => ({
      entity: this.#called(entity),
      kind: this.#kind(entity),
      matched: excerpt(name.text, terms, this.#folding, this.#hearing),
      matchedName: name.text,
      matchedLanguage: name.language,
    }));
    return { hits, first: asked.first, total: best.length, isMore, someOnly };
  }

  /** Return the names to compare, and whether there may be more. */
  async #candidates(sameAs: Wanted, terms: readonly Sought[]): Promise<[number[], boolean]> {
    const found = new Set<number>();
    const columns = [
      ["key", [sameAs.key]],
      ["bare", sameAs.bares],
      ["skeleton", sameAs.skeletons],
    ] as const;
    for (const [by, values] of columns) {
      const ids = await Promise.all([...values].map((value) => this.#index.named(by, value)));
      const sorted = [...new Set(ids.flat())].sort((one, other) => one - other);
      for (const id of sorted.slice(0, MAX_EQUAL)) found.add(id);
    }
    const whole = terms.map((each) => each.whole);
    const isSame = terms.every((each, at) => each.of.isPrefix === whole[at]?.of.isPrefix);
    const queries: (readonly [readonly Sought[], boolean])[] = [[whole, false]];
    if (!isSame) queries.push([terms, false]);
    if (terms.length > 1) queries.push([whole, true]);
    for (const [number, [those, isAny]] of queries.entries()) {
      if (found.size > 0 && number === 2) break;
      const sets = await Promise.all(those.map((each) => this.#named(each)));
      const matching = combined(sets, isAny).slice(0, MAX_NAMES);
      for (const id of matching) found.add(id);
      if (matching.length === MAX_NAMES) return [[...found], true];
    }
    return [[...found], false];
  }

  /** Return the names that have a term, by its words or its sound. */
  async #named(term: Sought): Promise<ReadonlySet<number>> {
    const phrases = await this.#phrases(term, "names", false);
    const skeleton = term.of.skeleton;
    // SQLite folds ASCII letters of all that it is asked for.
    const sound = skeleton.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const heard = skeleton === "" ? [] : await this.#index.named("sound", sound);
    return new Set([...phrases.flatMap((each) => [...each.keys()]), ...heard]);
  }

  /** Return the entities that candidates are names of, each with its best; the best first. */
  async #best(candidates: readonly number[], comparison: Comparison): Promise<Best[]> {
    const entities = await this.#index.entitiesOf(candidates);
    const best = new Map<number, Best>();
    for (const id of candidates) {
      const entity = entities.get(id);
      const name = entity?.names.find((each) => each.id === id);
      const fit = name === undefined ? null : comparison.fitting(name);
      if (entity === undefined || name === undefined || fit === null) continue;
      const kept = best.get(entity.number);
      const found = { entity, name, fit };
      if (kept === undefined || this.#order(found, kept) < 0) best.set(entity.number, found);
    }
    return [...best.values()].sort((one, other) => this.#order(one, other));
  }

  #order(one: Best, other: Best): number {
    const preferred = (each: Best) => Number(each.name.language !== this.#language);
    return (
      one.fit.fit - other.fit.fit ||
      one.fit.missing - other.fit.missing ||
      one.fit.others - other.fit.others ||
      other.entity.weight - one.entity.weight ||
      preferred(one) - preferred(other) ||
      one.name.role - other.name.role ||
      compare(one.name.text, other.name.text) ||
      compare(one.name.language, other.name.language) ||
      compare(one.entity.iri, other.entity.iri)
    );
  }

  async #passages(
    terms: readonly Sought[],
    asked: Asked,
  ): Promise<{ statements: Hits<PassageHit>; articles: Hits<PassageHit> }> {
    const sections = (["statements", "articles"] as const).filter(
      (each) => asked.counts[each] !== undefined,
    );
    const each = async (find: (section: Section) => Promise<number[]>) =>
      new Map(await Promise.all(sections.map(async (name) => [name, await find(name)] as const)));
    const isNone = () => [...ordered.values()].every((ids) => ids.length === 0);
    let ordered = await each((section) => this.#ordered(section, terms));
    const known = terms.filter(({ of }) => of.count > 0 || of.isPrefix);
    const someOnly = terms.length > 1 && isNone();
    if (someOnly && known.length > 0 && known.length < terms.length) {
      // Mostly it is one word that nobody wrote.
      ordered = await each((section) => this.#ordered(section, known));
    }
    if (someOnly && isNone()) ordered = await each((section) => this.#withMost(section, known));
    const hits = async (section: "statements" | "articles"): Promise<Hits<PassageHit>> => {
      const ids = ordered.get(section) ?? [];
      const shown = ids.slice(asked.first, asked.first + (asked.counts[section] ?? 0));
      return {
        hits: await Promise.all(shown.map((id) => this.#passage(id, terms))),
        first: asked.first,
        total: ids.length,
        isMore: ids.length >= MAX_PASSAGES,
        someOnly: someOnly && ids.length > 0,
      };
    };
    return { statements: await hits("statements"), articles: await hits("articles") };
  }

  /** Return passages with all terms: those with the words as they are first. */
  async #ordered(section: Section, terms: readonly Sought[]): Promise<number[]> {
    const isCommon = terms.reduce((count, each) => count + each.of.count, 0) > MAX_SCORED;
    const isScored = !isCommon && !terms.some(({ of }) => of.isPrefix);
    const found = new Set<number>();
    const isPlain = terms.every(({ firsts, of }) => firsts.size === 1 && !of.isPrefix);
    for (const asIs of isPlain ? [true] : [true, false]) {
      const phrases = await Promise.all(terms.map((each) => this.#phrases(each, section, asIs)));
      const sets = phrases.map((those) => new Set(those.flatMap((each) => [...each.keys()])));
      const ids = combined(sets, false);
      const sorted = isScored ? await this.#scored(section, ids, phrases.flat()) : ids;
      for (const id of sorted.slice(0, MAX_PASSAGES)) found.add(id);
      if (found.size >= MAX_PASSAGES) break;
    }
    return [...found].slice(0, MAX_PASSAGES);
  }

  /** Return passages with any terms: those with most of them first. */
  async #withMost(section: Section, terms: readonly Sought[]): Promise<number[]> {
    const counts = new Map<number, number>();
    for (const term of terms) {
      const phrases = await this.#phrases(term, section, false);
      const ids = combined([new Set(phrases.flatMap((each) => [...each.keys()]))], true);
      for (const id of ids.slice(0, MAX_WITH_ONE)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const sorted = [...counts].sort(([a, one], [b, other]) => other - one || a - b);
    return sorted.map(([id]) => id).slice(0, MAX_PASSAGES);
  }

  /** Return how often documents have each phrase that counts as a term, by document. */
  async #phrases(
    term: Sought,
    section: Section,
    asIs: boolean,
  ): Promise<ReadonlyMap<number, number>[]> {
    const rest = term.term.words.slice(1);
    const firsts = asIs ? [term.word] : [...term.firsts];
    const following = await Promise.all(rest.map((word) => this.#index.postings(word, section)));
    const exact = firsts.map(async (word) =>
      phrase([await this.#index.postings(word, section), ...following]),
    );
    const found = await Promise.all(exact);
    if (!term.of.isPrefix || asIs) return found;
    const begun = await Promise.all(
      ["", ARTICLE].map((article) => this.#index.beginning(article + term.word, section)),
    );
    return [...found, ...begun.flat().map((each: Postings) => phrase([each]))];
  }

  /** Return passages by BM25, the best first, as SQLite computes it. */
  async #scored(
    section: Section,
    ids: readonly number[],
    phrases: readonly ReadonlyMap<number, number>[],
  ): Promise<number[]> {
    const [texts, words] = this.#index.manifest.totals[section] ?? [0, 0];
    const average = words / texts;
    const rarities = phrases.map((each) => {
      const rarity = Math.log((texts - each.size + 0.5) / (each.size + 0.5));
      return rarity <= 0 ? 1e-6 : rarity;
    });
    const lengths = await this.#index.lengths(ids);
    const scores = new Map(
      ids.map((id) => {
        const length = lengths.get(id) ?? 0;
        let score = 0;
        for (const [at, each] of phrases.entries()) {
          const often = each.get(id) ?? 0;
          const share = (often * (K1 + 1)) / (often + K1 * (1 - B + (B * length) / average));
          score += (rarities[at] ?? 0) * share;
        }
        return [id, score];
      }),
    );
    const of = (id: number) => scores.get(id) ?? 0;
    return [...ids].sort((one, other) => of(other) - of(one) || one - other);
  }

  async #passage(id: number, terms: readonly Sought[]): Promise<PassageHit> {
    const { anchor, article, language, text, speakers } = await this.#index.passage(id);
    return {
      anchor,
      excerpt: excerpt(text, terms, this.#folding, this.#hearing, language),
      language,
      article: await this.#thing(article),
      speakers: await Promise.all(speakers.map((each) => this.#thing(each))),
    };
  }

  /** Return a thing by its name if it is an entity, else by its IRI. */
  async #thing(which: number | string): Promise<Named> {
    if (typeof which === "number") return this.#called(await this.#index.entity(which));
    return { iri: which, page: null, name: which, language: "" };
  }

  #called({ iri, page, names }: Entity): Named {
    const named = names.filter(({ role }) => CALLED_BY.includes(role));
    return { page, ...this.#chosen(iri, named.map(({ language, text }) => [language, text])) };
  }

  #kind(entity: Entity): Named {
    const [iri, labels] = this.#index.manifest.kinds[entity.kind] ?? ["", {}];
    return { page: null, ...this.#chosen(iri, Object.entries(labels)) };
  }

  #chosen(iri: string, texts: readonly (readonly [language: string, text: string])[]) {
    const names = new Map<string, string>();
    for (const [language, text] of texts) {
      if (!names.has(language)) names.set(language, text);
    }
    for (const language of [this.#language, ...this.#index.rules.languages, ...names.keys()]) {
      const name = names.get(language);
      if (name !== undefined) return { iri, name, language };
    }
    return { iri, name: iri, language: "" };
  }
}
