// Completion: terms by their names or by what they are called, prefixes, variables, keywords.

import type { Completion, CompletionContext, CompletionSource } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { Settings } from "./settings";
import { element } from "./shown";
import type { Entry } from "./vocabulary";

const KEYWORDS = (
  "SELECT CONSTRUCT ASK DESCRIBE WHERE DISTINCT FROM NAMED OPTIONAL UNION MINUS GRAPH FILTER " +
  "EXISTS BIND VALUES PREFIX LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT LANG " +
  "LANGMATCHES DATATYPE STR STRLEN STRSTARTS STRENDS CONTAINS REGEX REPLACE COALESCE IF YEAR BOUND"
).split(" ");
const PHRASES = ["ORDER BY", "GROUP BY", "FILTER NOT EXISTS", "FILTER EXISTS"];
const WORD = /[?$]?[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.:-]*$|[?$]$/u;
const NO_PLACE: readonly string[] = ["Comment", "String", "Langtag", "IriRef"];
const MOST = 60;

/** Return the source of completions; `entries` are the terms as far as they are known by now. */
export function completing(settings: Settings, entries: () => readonly Entry[]): CompletionSource {
  return (context) => {
    const inside = syntaxTree(context.state).resolveInner(context.pos, -1).name;
    if (NO_PLACE.includes(inside)) return null;
    const word = context.matchBefore(WORD);
    if (word === null && !context.explicit) return null;
    const text = word?.text ?? "";
    const from = word?.from ?? context.pos;
    const options = /^[?$]/.test(text)
      ? variables(context.state, text)
      : [
          ...terms(entries(), text, before(context, from), settings.language),
          ...prefixes(settings, text),
          ...keywords(text),
        ];
    return options.length === 0 ? null : { from, options: options.slice(0, MOST), filter: false };
  };
}

/** Return what stands on the line before the word, to tell classes and kinds from properties. */
function before(context: CompletionContext, from: number): string {
  const line = context.state.doc.lineAt(from);
  return context.state.sliceDoc(line.from, from);
}

function variables(state: EditorState, text: string): Completion[] {
  const found = new Set<string>();
  syntaxTree(state).iterate({
    enter: (node) => {
      if (node.name === "Var") found.add(state.sliceDoc(node.from, node.to));
    },
  });
  found.delete(text);
  return [...found]
    .filter((name) => name.slice(1).startsWith(text.slice(1)))
    .sort()
    .map((label) => ({ label, type: "variable" }));
}

function prefixes(settings: Settings, text: string): Completion[] {
  if (text === "" || text.includes(":")) return [];
  return Object.entries(settings.prefixes)
    .filter(([prefix]) => prefix.startsWith(text))
    .map(([prefix, detail]) => ({ label: `${prefix}:`, detail, type: "namespace" }));
}

function keywords(text: string): Completion[] {
  if (!/^[A-Za-z_]+$/.test(text)) return [];
  const begin = text.toUpperCase();
  return [...KEYWORDS, ...PHRASES]
    .filter((each) => each.startsWith(begin) && each !== begin)
    .map((label) => ({ label, type: "keyword" }));
}

/** Return the terms whose name or label fits, the best first. */
function terms(
  entries: readonly Entry[],
  text: string,
  line: string,
  language: string,
): Completion[] {
  const wanted = /(?:\ba|rdf:type)\s+$/.test(line)
    ? "class"
    : /kind\s+$/i.test(line)
      ? "kind"
      : "property";
  const typed = text.toLocaleLowerCase();
  return entries
    .map((entry) => ({ entry, rank: rank(entry, typed) + (entry.form === wanted ? 0 : 0.5) }))
    .filter(({ rank: each }) => each < 9)
    .sort((left, right) => left.rank - right.rank || (left.entry.name < right.entry.name ? -1 : 1))
    .map(({ entry }) => completion(entry, language));
}

/** Return how well a term fits: 0 to 4, 9 for not at all. */
function rank(entry: Entry, typed: string): number {
  if (typed === "") return entry.form === "kind" ? 9 : 4;
  const name = entry.name.toLowerCase();
  const local = name.slice(name.indexOf(":") + 1);
  const label = entry.label.toLocaleLowerCase();
  if (name === typed || local === typed) return 0;
  if (name.startsWith(typed)) return 1;
  if (local.startsWith(typed)) return 1;
  if (label.startsWith(typed)) return 2;
  if (typed.length > 1 && (label.includes(typed) || local.includes(typed))) return 3;
  return 9;
}

function completion(entry: Entry, language: string): Completion {
  return {
    label: entry.name,
    detail: entry.label,
    type: entry.form,
    info: () => {
      const name = element("strong", {}, entry.label);
      const text = element("p", {}, entry.definition);
      return element("div", { lang: language, dir: "auto" }, name, text);
    },
  };
}
