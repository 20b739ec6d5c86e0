// Answers of the endpoint: tables of terms, triples as tables of three columns, yes or no.

import { triples } from "./ntriples";

export interface Term {
  readonly type: "iri" | "literal" | "blank";
  readonly value: string;
  readonly language?: string;
  readonly datatype?: string;
}

export type Row = ReadonlyMap<string, Term>;

export interface Answer {
  readonly form: "rows" | "triples" | "truth";
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly truth: boolean;
}

export const RESULTS = "application/sparql-results+json";
export const TRIPLES = "application/n-triples";
export const SUBJECT = "subject";
export const PREDICATE = "predicate";
export const OBJECT = "object";

/** Read an answer of one of the two media types above. Throws SyntaxError. */
export function read(text: string, mediaType: string): Answer {
  return mediaType === TRIPLES ? graph(text) : results(JSON.parse(text));
}

function graph(text: string): Answer {
  const rows = triples(text).map(
    ([subject, predicate, object]) =>
      new Map([
        [SUBJECT, subject],
        [PREDICATE, predicate],
        [OBJECT, object],
      ]),
  );
  return { form: "triples", columns: [SUBJECT, PREDICATE, OBJECT], rows, truth: false };
}

interface JsonTerm {
  readonly type: string;
  readonly value: unknown;
  readonly "xml:lang"?: string;
  readonly datatype?: string;
}

interface JsonResults {
  readonly head?: { readonly vars?: readonly string[] };
  readonly boolean?: boolean;
  readonly results?: { readonly bindings: readonly Readonly<Record<string, JsonTerm>>[] };
}

/** Read SPARQL 1.1 Query Results JSON. */
function results(json: JsonResults): Answer {
  if (typeof json.boolean === "boolean") {
    return { form: "truth", columns: [], rows: [], truth: json.boolean };
  }
  const rows = (json.results?.bindings ?? []).map(
    (binding) => new Map(Object.entries(binding).map(([name, term]) => [name, termOf(term)])),
  );
  return { form: "rows", columns: json.head?.vars ?? [], rows, truth: false };
}

function termOf(term: JsonTerm): Term {
  if (term.type === "uri") return { type: "iri", value: String(term.value) };
  if (term.type === "bnode") return { type: "blank", value: String(term.value) };
  // A quoted triple of SPARQL 1.2 has terms as its value.
  const value = typeof term.value === "string" ? term.value : JSON.stringify(term.value);
  return {
    type: "literal",
    value,
    ...(term["xml:lang"] ? { language: term["xml:lang"] } : {}),
    ...(term.datatype ? { datatype: term.datatype } : {}),
  };
}
