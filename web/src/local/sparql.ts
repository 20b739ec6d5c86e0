// The text of a query before it is evaluated: its tokens and its form, and what is not evaluated here.

import type { Spot } from "../endpoint";

const ESCAPE = "\\\\u[0-9A-Fa-f]{4}|\\\\U[0-9A-Fa-f]{8}";
const CHARACTER = `\\\\[tbnrf\\\\"']|${ESCAPE}`;
const LOCAL_ESCAPE = "%[0-9A-Fa-f]{2}|\\\\[_~.\\-!$&'()*+,;=/?#@%]";
// The characters of names: PN_CHARS_BASE, PN_CHARS_U with digits, and PN_CHARS.
const BASE =
  "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff" +
  "\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd" +
  "\\u{10000}-\\u{effff}";
const FIRST = `${BASE}_0-9`;
const LETTER = `${FIRST}\\u00b7\\u0300-\\u036f\\u203f\\u2040`;
// The terminals of SPARQL 1.1, section 19.8, as far as they can hide words from who looks for them.
const TOKEN = new RegExp(
  [
    "(?<space>[ \\t\\r\\n]+|#[^\\n\\r]*)",
    `"""(?:"{0,2}(?:[^"\\\\]|${CHARACTER}))*"{3}|'''(?:'{0,2}(?:[^'\\\\]|${CHARACTER}))*'{3}`,
    `"(?:[^"\\\\\\n\\r]|${CHARACTER})*"|'(?:[^'\\\\\\n\\r]|${CHARACTER})*'`,
    `<(?:[^<>"{}|^\`\\\\\\x00-\\x20]|${ESCAPE})*>`,
    `[?$][${FIRST}][${LETTER}]*`,
    "@[A-Za-z]+(?:-[A-Za-z0-9]+)*",
    `_:[${FIRST}][${LETTER}.\\-]*`,
    `(?<prefix>(?:[${BASE}][${LETTER}.\\-]{0,99})?):` +
      `(?:(?:[${FIRST}:]|${LOCAL_ESCAPE})(?:[${LETTER}.:\\-]|${LOCAL_ESCAPE})*)?`,
    `(?<word>[${BASE}_][${LETTER}]*)`,
    "[^]",
  ].join("|"),
  "gu",
);
const FORMS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];
const CHANGES = [
  "INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH",
];
const PROLOGUE = ["PREFIX", "BASE", "VERSION"];

type Prefixes = Readonly<Record<string, string>>;

interface Token {
  readonly text: string;
  readonly index: number;
  readonly word: string; // in capitals, "" where it is none
  readonly prefix: string | null; // of a prefixed name
}

/** Why a query is not evaluated: the key of what is said, where, and the prefix if it is one. */
export interface Fault extends Spot {
  readonly key: "update" | "service" | "prefix" | "syntax";
  readonly prefix: string;
}

/** What a query asks for: triples, or rows and truth. */
export type Form = "triples" | "rows";

function tokens(query: string): Token[] {
  return [...query.matchAll(TOKEN)]
    .filter((match) => match.groups?.["space"] === undefined)
    .map((match) => ({
      text: match[0],
      index: match.index,
      word: (match.groups?.["word"] ?? "").toUpperCase(),
      prefix: match.groups?.["prefix"] ?? null,
    }));
}

/** Return why a query is not evaluated here whatever its data are, null where nothing is found. */
export function refused(query: string): Fault | null {
  const found = tokens(query);
  const first = found.find(({ word }) => FORMS.includes(word) || CHANGES.includes(word));
  if (first !== undefined && CHANGES.includes(first.word)) {
    return { key: "update", prefix: "", ...spot(query, first.index) };
  }
  const service = found.find(({ word }) => word === "SERVICE");
  return service === undefined
    ? null
    : { key: "service", prefix: "", ...spot(query, service.index) };
}

/** Return what a query asks for. */
export function formOf(query: string): Form {
  const first = tokens(query).find(({ word }) => word !== "" && !PROLOGUE.includes(word));
  return first?.word === "CONSTRUCT" || first?.word === "DESCRIBE" ? "triples" : "rows";
}

/** Return declarations of the known prefixes that a query may use, in one line. */
export function prologue(query: string, known: Prefixes): string {
  return Object.entries(known)
    .filter(([prefix]) => query.includes("\\") || query.includes(`${prefix}:`))
    .map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}> `)
    .join("");
}

const POSITION = /^error at (\d+):(\d+): /;

/** Return what is wrong by Oxigraph's message on a query behind a prologue; null for other errors. */
export function syntaxFault(
  message: string,
  query: string,
  declared: string,
  known: Prefixes,
): Fault | null {
  const [, line, column] = POSITION.exec(message)?.map(Number) ?? [];
  if (line === undefined || column === undefined) return null;
  const before = line === 1 ? [...declared].length : 0;
  const place = { line, column: Math.max(1, column - before) };
  // Oxigraph reads on behind a name before it looks its prefix up.
  const unknown = undeclared(query, known).find(
    ({ index }) => compare(spot(query, index), place) <= 0,
  );
  return unknown === undefined
    ? { key: "syntax", prefix: "", ...place }
    : { key: "prefix", prefix: `${unknown.prefix}:`, ...spot(query, unknown.index) };
}

function undeclared(query: string, known: Prefixes): Token[] {
  const found = tokens(query);
  const declarations = new Set(
    found.filter(({ prefix }, at) => prefix !== null && found[at - 1]?.word === "PREFIX"),
  );
  const names = new Set([...declarations].map(({ prefix }) => prefix));
  return found.filter(
    (token) =>
      token.prefix !== null &&
      !declarations.has(token) &&
      !names.has(token.prefix) &&
      !Object.hasOwn(known, token.prefix),
  );
}

function spot(query: string, index: number): Spot {
  const lines = query.slice(0, index).split("\n");
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

function compare(one: Spot, other: Spot): number {
  return one.line - other.line || one.column - other.column;
}
