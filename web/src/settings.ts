// What the page tells its editor: see kgpub.pages.query.

/**
 * Where IRIs that begin with `iri` have pages: `href`, the rest of the IRI, `ending`. Of a site
 * without a server they are files, which bear the names of IRIs where file systems take these.
 */
export interface Place {
  readonly iri: string;
  readonly href: string;
  readonly ending: string;
  readonly isOfFiles?: boolean;
}

export interface Settings {
  readonly language: string;
  readonly prefixes: Readonly<Record<string, string>>;
  readonly places: readonly Place[];
  readonly words: Readonly<Record<string, string>>;
}

export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Return what says a text of the page's language; what is inserted keeps its own direction. */
export function saying(settings: Pick<Settings, "words">): Say {
  return (key, values = {}) => {
    const text = settings.words[key];
    if (text === undefined) throw new Error(`no words for ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => `\u2068${values[name] ?? ""}\u2069`);
  };
}
