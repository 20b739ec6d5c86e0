// A submission as it is written: its parts with their places, also where it is not whole yet.

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import type { Span } from "./grounding";

export const SECTIONS = ["people", "organisations", "offices", "places", "groups", "topics"] as const;
export type Section = (typeof SECTIONS)[number];
/** The folder of each section, as references have it. */
export const FOLDERS: Readonly<Record<Section, string>> = {
  people: "person",
  organisations: "organisation",
  offices: "office",
  places: "place",
  groups: "group",
  topics: "topic",
};

/** Words that are said to stand in the article: where they are written, and in which statement. */
export interface Quote {
  readonly words: string;
  readonly occurrence: number | null;
  readonly at: Span;
  readonly statement: Span;
}

export interface Written {
  readonly text: string;
  readonly document: Document;
  /** The slug of the article, "" where there is none. */
  readonly article: string;
  readonly quotes: readonly Quote[];
  readonly slugs: Readonly<Record<Section, readonly string[]>>;
  /** Where it stops to be YAML, null where all of it is. */
  readonly broken: number | null;
}

/** Read a submission; whatever is wrong with it, what can be read is. */
export function read(text: string): Written {
  // All scalars are texts: what one means is told by its key.
  const document = parseDocument(text, {
    schema: "failsafe",
    keepSourceTokens: true,
    strict: false,
    uniqueKeys: false,
    logLevel: "silent",
  });
  const top = isMap(document.contents) ? document.contents : null;
  const of = (section: Section) => keysOf(valueOf(top, section));
  const slugs = {
    people: of("people"),
    organisations: of("organisations"),
    offices: of("offices"),
    places: of("places"),
    groups: of("groups"),
    topics: of("topics"),
  };
  return {
    text,
    document,
    article: textOf(valueOf(top, "article")) ?? "",
    quotes: quotesIn(valueOf(top, "statements"), text),
    slugs,
    broken: document.errors[0]?.pos[0] ?? null,
  };
}

export function pairOf(map: YAMLMap | null, key: string): Pair<Node, Node> | null {
  for (const each of map?.items ?? []) {
    if (isScalar(each.key) && String(each.key.value) === key) return each as Pair<Node, Node>;
  }
  return null;
}

function valueOf(map: YAMLMap | null, key: string): unknown {
  return pairOf(map, key)?.value ?? null;
}

/** Return the text of a scalar; the line break that YAML adds to a block is none of it. */
function textOf(node: unknown): string | null {
  if (!isScalar(node)) return null;
  const text = String(node.value ?? "");
  const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
  return isBlock && !isKept(node) ? text.replace(/\n$/, "") : text;
}

/** Whether a block keeps the line breaks at its end: its header has a plus. */
export function isKept(node: unknown): boolean {
  if (!isScalar(node) || node.srcToken?.type !== "block-scalar") return false;
  return node.srcToken.props.some((each) => "source" in each && /^[|>].*\+/.test(each.source));
}

function keysOf(node: unknown): string[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []));
}

function quotesIn(node: unknown, text: string): Quote[] {
  const found: Quote[] = [];
  const items = isSeq(node) ? node.items : [node];
  for (const item of items) {
    if (!isMap(item) || isAlias(item)) continue;
    const [from = 0, to = text.length] = item.range ?? [];
    for (const key of ["words", "introduced-by"]) {
      const pair = pairOf(item, key);
      const words = textOf(pair?.value);
      const range = pair?.value?.range;
      if (!words || !range) continue;
      const number = key === "words" ? Number(textOf(valueOf(item, "occurrence"))) : 0;
      found.push({
        words,
        occurrence: Number.isInteger(number) && number > 0 ? number : null,
        at: trimmed(text, range[0], range[1]),
        statement: trimmed(text, from, to),
      });
    }
  }
  return found;
}

function trimmed(text: string, from: number, to: number): Span {
  return { from, to: from + text.slice(from, to).trimEnd().length };
}
