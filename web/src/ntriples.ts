// RDF 1.1 N-Triples, as the endpoint writes it: one triple a line.

import type { Term } from "./answer";

const IRI = String.raw`<([^<>"{}|^\x60\x00-\x20]*)>`;
const BLANK = String.raw`_:([^\s<>"]+)`;
const LITERAL = String.raw`"((?:[^"\\\n\r]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^${IRI})?`;
const OBJECT = `(?:${IRI}|${BLANK}|${LITERAL})`;
const LINE = new RegExp(
  String.raw`^[ \t]*(?:${IRI}|${BLANK})[ \t]*${IRI}[ \t]*${OBJECT}[ \t]*\.[ \t]*(?:#.*)?$`,
);
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g;
const CHARACTERS: Readonly<Record<string, string>> = {
  t: "\t",
  b: "\b",
  n: "\n",
  r: "\r",
  f: "\f",
};

export type Triple = readonly [Term, Term, Term];

/** Return the triples of a text. Throws SyntaxError with the number of the line. */
export function triples(text: string): Triple[] {
  const found: Triple[] = [];
  text.split(/\r\n|[\n\r]/).forEach((line, index) => {
    if (/^[ \t]*(?:#.*)?$/.test(line)) return;
    const match = LINE.exec(line);
    if (match === null) throw new SyntaxError(`line ${index + 1}: no triple`);
    const [, iri, blank, predicate, objectIri, objectBlank, literal, language, datatype] = match;
    const object: Term =
      literal === undefined
        ? node(objectIri, objectBlank)
        : {
            type: "literal",
            value: unescaped(literal),
            ...(language ? { language } : {}),
            ...(datatype ? { datatype: unescaped(datatype) } : {}),
          };
    found.push([node(iri, blank), node(predicate, undefined), object]);
  });
  return found;
}

function node(iri: string | undefined, blank: string | undefined): Term {
  return iri === undefined
    ? { type: "blank", value: blank ?? "" }
    : { type: "iri", value: unescaped(iri) };
}

function unescaped(text: string): string {
  return text.replace(ESCAPE, (whole, short?: string, long?: string, letter?: string) => {
    const digits = short ?? long;
    if (digits !== undefined) {
      const number = Number.parseInt(digits, 16);
      return number > 0x10ffff ? whole : String.fromCodePoint(number);
    }
    return CHARACTERS[letter ?? ""] ?? letter ?? "";
  });
}
