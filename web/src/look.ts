// How queries look in the editor.

import { HighlightStyle } from "@codemirror/language";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";

/** SPARQL, with prefixed names told apart as IRIs are. */
export const language = SparqlLanguage.configure({
  props: [styleTags({ "PrefixedName/... IriRef": tags.url })],
});

export const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--query-keyword)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--query-variable)" },
  { tag: [tags.string, tags.bool, tags.integer, tags.float], color: "var(--query-string)" },
  { tag: [tags.url, tags.namespace, tags.typeName], color: "var(--query-iri)" },
  { tag: tags.comment, color: "var(--query-comment)" },
]);
