// The index of a site, in parts that are read as they are needed: see kgpub.site.browser.shards.

import { postings, type Postings } from "./postings";
import type { Rules } from "./rules";
import type { Load } from "../scripts";
import { compare } from "./text";

/** A word and how many texts have it; how established it is goes beyond that for proper names. */
export interface Counted {
  readonly word: string;
  readonly count: number;
  readonly strength: number;
}

export interface KnownWord extends Counted {
  readonly forms: readonly Counted[];
}

export const SECTIONS = ["names", "statements", "articles"] as const;
export type Section = (typeof SECTIONS)[number];

export interface NameRow {
  readonly id: number;
  readonly text: string;
  readonly language: string;
  readonly role: number;
  readonly key: string;
  readonly bare: string;
  readonly skeleton: string;
}

/** `page` is where its pages are, without language and ending; null where there are none. */
export interface Entity {
  readonly number: number;
  readonly iri: string;
  readonly page: string | null;
  readonly kind: number;
  readonly weight: number;
  readonly names: readonly NameRow[];
}

/** Words of an article, or its text; `anchor` is where they stand in its page. */
export interface Passage {
  readonly anchor: string;
  readonly article: number | string;
  readonly language: string;
  readonly text: string;
  readonly speakers: readonly (number | string)[];
}

type CountedJson = readonly [word: string, count: number, isProper: number];
type WordJson = readonly [word: string, count: number, isProper: number, forms: CountedJson[]];
type PostingsJson = readonly [word: string, ...flat: number[][]];
type KeyJson = readonly [key: string, found: (number | CountedJson)[]];
type NameJson = readonly [
  text: string, language: string, role: number, key: string, bare: string, skeleton: string,
];
type EntityJson = readonly [
  iri: string, page: string | null, kind: number, weight: number, names: NameJson[],
];
type PassageJson = readonly [
  anchor: string, article: number | string, language: string, text: string,
  speakers: (number | string)[],
];

/** What each part begins with, of the tables: a key, or the numbers of an entity and a name. */
export interface Manifest {
  readonly words: readonly string[];
  readonly postings: readonly string[];
  readonly keys: readonly string[];
  readonly entities: readonly (readonly [entity: number, name: number])[];
  readonly passages: readonly number[];
  readonly lengths: readonly number[];
  /** How many texts each section has, and how many words they have together. */
  readonly totals: Readonly<Record<string, readonly [texts: number, words: number]>>;
  readonly kinds: readonly (readonly [iri: string, labels: Readonly<Record<string, string>>])[];
}

const PROPER = 1_000_000_000;

export class Index {
  readonly #known = new Map<number, Promise<Entity[]>>();

  private constructor(
    readonly manifest: Manifest,
    readonly rules: Rules,
    private readonly load: Load,
  ) {}

  /** Open an index. Throws Unreadable. */
  static async open(load: Load): Promise<Index> {
    const [manifest, rules] = await Promise.all([load("manifest"), load("rules")]);
    return new Index(manifest as Manifest, rules as Rules, load);
  }

  /** Return what is known of a word, null where no text and no form of one has it. */
  async word(word: string): Promise<KnownWord | null> {
    const row = await this.#row<WordJson>("words", word);
    if (row === null) return null;
    const [, count, isProper, forms] = row;
    return { ...counted([word, count, isProper]), forms: forms.map(counted) };
  }

  /** Return the postings of a word in a section. */
  async postings(word: string, section: Section): Promise<Postings> {
    const row = await this.#row<PostingsJson>("postings", word);
    return postings(flatOf(row, section));
  }

  /** Return the postings of all words that begin so, in a section. */
  async beginning(prefix: string, section: Section): Promise<Postings[]> {
    const rows = await this.#rows<PostingsJson>("postings", prefix);
    return rows
      .filter(([word]) => word.startsWith(prefix))
      .map((row) => postings(flatOf(row, section)));
  }

  /** Return the names that have a key, bare key, skeleton or sound, sorted. */
  async named(by: "key" | "bare" | "skeleton" | "sound", value: string): Promise<number[]> {
    const row = await this.#row<KeyJson>("keys", `${by} ${value}`);
    return (row?.[1] ?? []) as number[];
  }

  /** Return the words that have a frame. */
  async framed(frame: string): Promise<Counted[]> {
    const row = await this.#row<KeyJson>("keys", `frame ${frame}`);
    return ((row?.[1] ?? []) as CountedJson[]).map(counted);
  }

  /** Return an entity by its number. */
  async entity(number: number): Promise<Entity> {
    const part = last(this.manifest.entities, ([entity]) => entity <= number);
    const found = (await this.#entities(part)).find((each) => each.number === number);
    if (found === undefined) throw new Error(`the index has no entity ${number}`);
    return found;
  }

  /** Return the entities that names belong to, by the numbers of the names, which are sorted. */
  async entitiesOf(names: readonly number[]): Promise<ReadonlyMap<number, Entity>> {
    const starts = this.manifest.entities;
    const parts = new Set(names.map((id) => last(starts, ([, name]) => name <= id)));
    const found = new Map<number, Entity>();
    for (const entities of await Promise.all([...parts].map((part) => this.#entities(part)))) {
      for (const entity of entities) {
        for (const { id } of entity.names) found.set(id, entity);
      }
    }
    return found;
  }

  async passage(id: number): Promise<Passage> {
    const starts = this.manifest.passages;
    const part = last(starts, (first) => first <= id);
    const rows = (await this.load(`passages-${part}`)) as readonly PassageJson[];
    const row = rows[id - (starts[part] ?? 0)];
    if (row === undefined) throw new Error(`the index has no passage ${id}`);
    const [anchor, article, language, text, speakers] = row;
    return { anchor, article, language, text, speakers };
  }

  /** Return how many words passages have. */
  async lengths(ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const starts = this.manifest.lengths;
    const found = new Map<number, number>();
    await Promise.all(
      ids.map(async (id) => {
        const part = last(starts, (first) => first <= id);
        const lengths = (await this.load(`lengths-${part}`)) as readonly number[];
        found.set(id, lengths[id - (starts[part] ?? 0)] ?? 0);
      }),
    );
    return found;
  }

  #entities(part: number): Promise<Entity[]> {
    const known = this.#known.get(part) ?? this.#read(part);
    this.#known.set(part, known);
    return known;
  }

  async #read(part: number): Promise<Entity[]> {
    const rows = (await this.load(`entities-${part}`)) as readonly EntityJson[];
    const [first, firstName] = this.manifest.entities[part] ?? [0, 0];
    let id = firstName;
    return rows.map(([iri, page, kind, weight, names], index) => ({
      number: first + index,
      iri,
      page,
      kind,
      weight,
      names: names.map(([text, language, role, key, bare, skeleton]) => ({
        id: id++, text, language, role, key, bare, skeleton,
      })),
    }));
  }

  async #row<Row extends readonly [string, ...unknown[]]>(
    table: "words" | "postings" | "keys",
    key: string,
  ): Promise<Row | null> {
    const part = last(this.manifest[table], (first) => compare(first, key) <= 0);
    if (part < 0) return null;
    const rows = (await this.load(`${table}-${part}`)) as readonly Row[];
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row === undefined) break;
      const order = compare(row[0], key);
      if (order === 0) return row;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return null;
  }

  /** Return the rows of all parts in which keys may begin so. */
  async #rows<Row>(table: "postings", prefix: string): Promise<Row[]> {
    const firsts = this.manifest[table];
    const begin = Math.max(0, last(firsts, (first) => compare(first, prefix) <= 0));
    const end = last(firsts, (first) => first.startsWith(prefix) || compare(first, prefix) <= 0);
    const parts: Promise<unknown>[] = [];
    for (let part = begin; part <= end; part += 1) parts.push(this.load(`${table}-${part}`));
    return ((await Promise.all(parts)) as Row[][]).flat();
  }
}

function counted([word, count, isProper]: CountedJson): Counted {
  return { word, count, strength: count + PROPER * isProper };
}

function flatOf(row: PostingsJson | null, section: Section): number[] {
  return (row?.[1 + SECTIONS.indexOf(section)] ?? []) as number[];
}

/** Return the number of the last of sorted parts that begins early enough, -1 where none does. */
function last<Start>(starts: readonly Start[], isEarly: (start: Start) => boolean): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isEarly(starts[middle] as Start)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
