// What kgpub folds and hears names by, as the site tells it: see kgpub.site.browser.rules.

type Table = Readonly<Record<string, string>>;

export interface LikenessTable {
  readonly pairs: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly gaps: Readonly<Record<string, number>>;
  readonly gaps_of_other: Readonly<Record<string, number>>;
  readonly typical: Readonly<Record<string, number>>;
  readonly typical_of_other: Readonly<Record<string, number>>;
}

export interface Rules {
  readonly folds: {
    readonly spaces: readonly number[];
    readonly nothing: readonly number[];
    readonly others: readonly string[];
  };
  readonly sounds: {
    readonly arabic: Table;
    readonly kurdish: Table;
    readonly latin: Table;
    readonly classes: Table;
    readonly digraphs: Table;
  };
  readonly titles: {
    readonly addresses: Readonly<Record<string, readonly string[]>>;
    readonly offices: Readonly<Record<string, readonly string[]>>;
    readonly complements: readonly string[];
  };
  readonly likeness: Readonly<Record<string, LikenessTable>>;
  readonly languages: readonly string[];
}

/** Return an object of the rules as a map, in which no name is inherited. */
export function mapOf<Value>(table: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(table));
}

/** Return what replaces each character of a text that a table has. */
export function translating(table: Table): (text: string) => string {
  const map = mapOf(table);
  return (text) => {
    let made = "";
    for (const character of text) made += map.get(character) ?? character;
    return made;
  };
}
