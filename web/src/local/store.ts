// The dataset in Oxigraph's WebAssembly build.

import init, { Store } from "oxigraph/web.js";
import { RESULTS, TRIPLES } from "../answer";
import { formOf } from "./sparql";

/** The default graph is the merge of all graphs, as it is on the server of a workspace. */
const MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }";
export const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  json: RESULTS,
  xml: "application/sparql-results+xml",
  ttl: "text/turtle",
  nt: TRIPLES,
  jsonld: "application/ld+json",
};
const OF_TRIPLES = ["ttl", "nt", "jsonld"];

/** An answer as text, with its media type and the ending of files of it. */
export interface Text {
  readonly text: string;
  readonly mediaType: string;
  readonly ending: string;
}

export class Dataset {
  readonly #store: Store;
  readonly #base: string;

  private constructor(store: Store, base: string) {
    this.#store = store;
    this.#base = base;
  }

  /**
   * Compile Oxigraph, from an address or bytes, and load lines of N-Quads. Throws what the pieces
   * throw, and Error for broken quads.
   */
  static async opened(
    wasm: string | Uint8Array<ArrayBuffer>,
    pieces: AsyncGenerator<Uint8Array>,
    base: string,
  ): Promise<Dataset> {
    const compiled = init({ module_or_path: wasm });
    // The dump comes while the program is compiled.
    const first = pieces.next();
    first.catch(() => undefined); // told below
    await compiled;
    const store = new Store();
    const load = (piece: Uint8Array) =>
      store.load(piece, { format: "application/n-quads", lenient: true, no_transaction: true });
    const begun = await first;
    if (!begun.done) load(begun.value);
    for await (const piece of pieces) load(piece);
    store.update(MERGE);
    return new Dataset(store, base);
  }

  /** Return the answer to a query. Throws Error with Oxigraph's words. */
  answer(query: string, declared: string, wished: string): Text {
    const isOfTriples = formOf(query) === "triples";
    const fits = OF_TRIPLES.includes(wished) === isOfTriples && wished in MEDIA_TYPES;
    const ending = fits ? wished : isOfTriples ? "nt" : "json";
    const mediaType = MEDIA_TYPES[ending] ?? "";
    const options = { base_iri: this.#base, results_format: mediaType };
    const text = String(this.#store.query(declared + query, options));
    return { text, mediaType, ending };
  }
}

/** Whether Oxigraph is lost with what it held: memory that is used up ends WebAssembly. */
export function isFatal(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}
