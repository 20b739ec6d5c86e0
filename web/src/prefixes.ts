// Declarations of the prefixes that a query uses, so that it is understood elsewhere too.

import { SparqlLanguage } from "codemirror-lang-sparql";

/** Return the query with declarations before it of the prefixes that it uses and has not. */
export function declared(query: string, prefixes: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const known = new Set<string>();
  SparqlLanguage.parser.parse(query).iterate({
    enter: ({ name, from, to }) => {
      const text = query.slice(from, to);
      if (name === "PrefixedName") used.add(text.split(":")[0] ?? "");
      if (name === "PrefixDecl") known.add(/^prefix\s+([^:\s]*):/i.exec(text)?.[1] ?? "");
    },
  });
  const missing = [...used].filter((prefix) => !known.has(prefix) && prefix in prefixes).sort();
  const lines = missing.map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}>\n`);
  return lines.join("") + query;
}
