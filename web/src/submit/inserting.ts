// What is added to a submission: at the end of its section, with all that stands there left alone.

import { isMap, isNode, isScalar, isSeq, parseDocument, type Node } from "yaml";
import { quoted } from "./quoting";
import { isKept, pairOf, read, type Section } from "./written";

const ORDER = [
  "@context",
  "article",
  "contributor",
  "date",
  "retracted",
  "people",
  "organisations",
  "offices",
  "places",
  "groups",
  "topics",
  "statements",
];

/** Texts by keys, and further levels of them. */
export type Value = string | readonly Value[] | { readonly [key: string]: Value };
export interface Entry {
  readonly [key: string]: Value;
}

export interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** Where what was added ends, once it is there. */
  readonly end: number;
}

export type Refusal = "mend-first" | "is-there";

/** Return how a thing gets into its section. */
export function addEntity(text: string, section: Section, slug: string, entry: Entry): Change | Refusal {
  if (read(text).slugs[section].includes(slug)) return "is-there";
  return added(text, section, { [slug]: entry }, false);
}

/** Return how a statement gets into the others. */
export function addStatement(text: string, entry: Entry): Change | Refusal {
  return added(text, "statements", entry, true);
}

/** Return an entry as it is shown before it is added. */
export function shown(section: string, entry: Entry, isItem: boolean): string {
  return `${section}:\n${lines(entry, 2, isItem).join("\n")}\n`;
}

function added(text: string, section: string, entry: Entry, isItem: boolean): Change | Refusal {
  const { document, broken } = read(text);
  if (broken !== null) return "mend-first";
  const top = document.contents;
  if (top === null || (isScalar(top) && String(top.value ?? "") === "")) {
    return appended(text, shown(section, entry, isItem));
  }
  if (!isMap(top)) return "mend-first";
  if (top.flow) return rewritten(text, section, entry, isItem);
  const pair = pairOf(top, section);
  if (pair === null) return newSection(text, top.items.map(({ key }) => key), section, entry, isItem);
  const value = pair.value;
  if (value === null || (isScalar(value) && /^(?:|~|null)$/.test(String(value.value ?? "")))) {
    return underKey(text, pair.key, value, lines(entry, 2, isItem));
  }
  const isFitting = isItem ? isSeq(value) : isMap(value);
  if (!isFitting || (value as { flow?: boolean }).flow) return rewritten(text, section, entry, isItem);
  return afterLast(text, value, entry, isItem);
}

function appended(text: string, block: string): Change {
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  const insert = gap + block;
  return { from: text.length, to: text.length, insert, end: text.length + insert.length - 1 };
}

/** Begin a section before those that come after it, and before the comments above these. */
function newSection(
  text: string,
  keys: readonly unknown[],
  section: string,
  entry: Entry,
  isItem: boolean,
): Change {
  const block = shown(section, entry, isItem);
  const rank = ORDER.indexOf(section);
  const next = keys.find((key) => isScalar(key) && ORDER.indexOf(String(key.value)) > rank);
  if (!isScalar(next) || !next.range) return appended(text, block);
  let from = text.lastIndexOf("\n", next.range[0] - 1) + 1;
  for (;;) {
    const before = text.lastIndexOf("\n", from - 2) + 1;
    if (from === 0 || !text.slice(before, from).startsWith("#")) break;
    from = before;
  }
  const insert = `${block}\n`;
  return { from, to: from, insert, end: from + block.length - 1 };
}

function underKey(text: string, key: Node, value: Node | null, block: string[]): Change {
  const colon = text.indexOf(":", key.range?.[1] ?? 0) + 1;
  const isWritten = isScalar(value) && String(value.value ?? "") !== "";
  const stop = isWritten ? (value.range?.[1] ?? colon) : colon;
  const rest = text.slice(stop, endOfLine(text, stop));
  const insert = `${rest.trimEnd()}\n${block.join("\n")}`;
  return { from: colon, to: stop + rest.length, insert, end: colon + insert.length };
}

function afterLast(text: string, value: Node, entry: Entry, isItem: boolean): Change {
  if (!isMap(value) && !isSeq(value)) throw new Error("no collection");
  const first = value.range?.[0] ?? 0;
  const column = first - (text.lastIndexOf("\n", first - 1) + 1);
  const at = ending(text, value);
  const gap = at > 0 && text[at - 1] === "\n" ? "" : "\n";
  const tail = gap === "" ? "\n" : "";
  const block = lines(entry, column, isItem).join("\n");
  const insert = gap + block + tail;
  return { from: at, to: at, insert, end: at + gap.length + block.length };
}

/** Return where the last line of a collection ends; line breaks that a block keeps are part of it. */
function ending(text: string, value: Node): number {
  let last: unknown = value;
  for (;;) {
    const items: readonly unknown[] = isMap(last) || isSeq(last) ? last.items : [];
    const item = items.at(-1) as { key?: unknown; value?: unknown } | undefined;
    if (item === undefined) break;
    const inner: unknown = isNode(item) ? item : (item.value ?? item.key);
    if (!isNode(inner)) break;
    last = inner;
  }
  const end = (last as Node).range?.[1] ?? value.range?.[1] ?? text.length;
  if (isKept(last)) return end;
  let at = end;
  while (at > 0 && /\s/.test(text[at - 1] ?? "")) at -= 1;
  return endOfLine(text, at);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

/** Write the whole text anew, with its comments: what is in braces has no lines to add. */
function rewritten(text: string, section: string, entry: Entry, isItem: boolean): Change | Refusal {
  const document = parseDocument(text, { logLevel: "silent" });
  const old = document.get(section);
  if (isItem) {
    if (old === undefined || old === null) document.set(section, document.createNode([entry]));
    else if (isSeq(old)) old.add(document.createNode(entry));
    else document.set(section, [old, document.createNode(entry)]);
  } else {
    const [slug = ""] = Object.keys(entry);
    if (old !== undefined && old !== null && !isMap(old)) return "mend-first";
    document.setIn([section, slug], document.createNode(entry[slug]));
  }
  const insert = document.toString({ lineWidth: 0 });
  return { from: 0, to: text.length, insert, end: insert.length - 1 };
}

/** Return the lines of an entry, each indented by `column` spaces at least. */
function lines(entry: Entry, column: number, isItem: boolean): string[] {
  const indent = " ".repeat(column);
  const inner = isItem ? column + 2 : column;
  const written = Object.entries(entry).flatMap(([key, value]) => valueLines(key, value, inner));
  if (!isItem) return written;
  return written.map((line, number) => (number === 0 ? `${indent}- ${line.trimStart()}` : line));
}

function valueLines(key: string, value: Value, column: number): string[] {
  const head = `${" ".repeat(column)}${key}:`;
  if (typeof value === "string") return [`${head} ${quoted(value)}`];
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    if (items.every((each) => typeof each === "string")) {
      return [`${head} [${items.map((each) => inFlow(each as string)).join(", ")}]`];
    }
    return [head, ...items.flatMap((each) => lines(each as Entry, column + 2, true))];
  }
  const map = value as Entry;
  const texts = Object.entries(map);
  if (texts.every(([, each]) => typeof each === "string")) {
    const pairs = texts.map(([name, each]) => `${name}: ${inFlow(each as string)}`);
    if (key === "name") return [`${head} {${pairs.join(", ")}}`];
  }
  return [head, ...lines(map, column + 2, false)];
}

/** Return a scalar that may stand in braces, where some signs mean more. */
function inFlow(text: string): string {
  const scalar = quoted(text);
  return scalar === text && /[,[\]{}]/.test(text) ? `'${text.replaceAll("'", "''")}'` : scalar;
}

/** Return the metadata of a new article as `article.yaml` has them, without what is not known. */
export function metadata(fields: Readonly<Record<string, string>>): string {
  const { title = "", language = "", publisher, published, source } = fields;
  const known = { language, publisher, published, source };
  const given = Object.entries(known).filter(([, value]) => (value ?? "") !== "");
  const told: Entry = title === "" ? {} : { title: { [language]: title } };
  return `${lines({ ...told, ...(Object.fromEntries(given) as Entry) }, 0, false).join("\n")}\n`;
}

/** Return how the facts come to be about an article of another short name. */
export function named(text: string, slug: string): Change {
  const { document } = read(text);
  const pair = isMap(document.contents) ? pairOf(document.contents, "article") : null;
  const line = `article: ${slug}`;
  const [from, to] = [pair?.key.range?.[0] ?? 0, pair?.value?.range?.[1] ?? pair?.key.range?.[1] ?? 0];
  const insert = pair === null ? `${line}\n` : line;
  return { from, to, insert, end: from + line.length };
}
