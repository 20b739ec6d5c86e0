// Completion and explanation of a submission, from its JSON Schema and from its own slugs.

import type { Completion, CompletionSource } from "@codemirror/autocomplete";
import { hoverTooltip, type Tooltip } from "@codemirror/view";
import type { Extension } from "@codemirror/state";
import { element } from "../shown";
import { standing } from "./paths";
import type { Offer, Schema, Step } from "./schema";
import { FOLDERS, read, SECTIONS, type Written } from "./written";

const WORD = /[\w@:/.-]*$/;
/** Stands for what is to be written, so that what stands around it can be read. */
const BLANK = "kgpub-blank";
const KEY_PLACE = /(?:^\s*(?:- +)*|[{,]\s*)[a-z@-]*$/;

/** What is known where something is completed: the schema, once it is there, and the whole. */
export interface Known {
  readonly schema: () => Schema | null;
  readonly written: () => Written;
}

/** Return the source of completions. */
export function completing({ schema, written }: Known, language: string): CompletionSource {
  return (context) => {
    const known = schema();
    const word = context.matchBefore(WORD);
    const from = word?.from ?? context.pos;
    if (known === null || (from === context.pos && !context.explicit)) return null;
    const text = context.state.doc.toString();
    const line = context.state.doc.lineAt(context.pos);
    const before = text.slice(line.from, from);
    if (/#[^"']*$/.test(before)) return null;
    const { start, stop, head } = surroundings(text, from);
    const filled = (blank: string) =>
      head + text.slice(start, from) + blank + text.slice(context.pos, Math.max(stop, context.pos));
    if (KEY_PLACE.test(before)) {
      const keys = offered(filled(`${BLANK}: x`), (value, path) => known.keys(value, path.slice(0, -1)));
      if (keys.length > 0) {
        const hasColon = /^\s*:/.test(text.slice(context.pos, line.to));
        return { from, options: keys.map((each) => option(each, hasColon ? "" : ": ", language)) };
      }
    }
    const values = offered(filled(BLANK), (value, path) => [
      ...known.values(value, path),
      ...references(known, written(), value, path),
    ]);
    return values.length === 0
      ? null
      : { from, options: values.map((each) => option(each, "", language)) };
  };
}

const SECTION = /^[\w@-]+:/;
const LIST = /^statements:\s*(?:#.*)?$/;
const ITEM = /^( *)- /;

/**
 * Return what must be read to know what stands around a place: its section; of statements its own,
 * with the line above them as `head`. To read all of a long submission takes longer than a key.
 */
export function surroundings(
  text: string,
  offset: number,
): { readonly start: number; readonly stop: number; readonly head: string } {
  const lines = text.split("\n");
  let at = 0;
  const starts = lines.map((line) => (at += line.length + 1) - line.length - 1);
  const here = starts.findLastIndex((each) => each <= offset);
  const bounds = (isFirst: (line: string) => boolean, least: number) => {
    const first = lines.findLastIndex((line, number) => number <= here && isFirst(line));
    const next = lines.findIndex((line, number) => number > here && isFirst(line));
    return [Math.max(first, least), next === -1 ? lines.length : next] as const;
  };
  const [section, end] = bounds((line) => SECTION.test(line), 0);
  const whole = { start: starts[section] ?? 0, stop: starts[end] ?? text.length, head: "" };
  const header = lines[section] ?? "";
  const first = lines.slice(section + 1, end).find((line) => ITEM.test(line));
  const indent = ITEM.exec(first ?? "")?.[1];
  if (!LIST.test(header) || indent === undefined || here <= section) return whole;
  const [item, after] = bounds((line) => ITEM.exec(line)?.[1] === indent, section + 1);
  const stop = starts[Math.min(after, end)] ?? text.length;
  return { start: starts[item] ?? 0, stop, head: `${header}\n` };
}

function offered(
  text: string,
  offers: (value: unknown, path: readonly Step[]) => Offer[],
): readonly Offer[] {
  const { document } = read(text);
  const found = standing(document, text.indexOf(BLANK));
  return found === null ? [] : offers(plain(document), found.path);
}

/** Return slugs of what the submission introduces, as they are written under the key. */
function references(
  schema: Schema,
  { slugs }: Written,
  value: unknown,
  path: readonly Step[],
): Offer[] {
  const folders = schema.folders(value, path);
  return SECTIONS.flatMap((section) =>
    slugs[section].flatMap((slug) => {
      const whole = `${FOLDERS[section]}/${slug}`;
      if (folders.includes(FOLDERS[section])) return [{ name: slug, detail: section, info: "" }];
      return schema.takes(value, path, whole) ? [{ name: whole, detail: "", info: "" }] : [];
    }),
  );
}

function option({ name, detail, info }: Offer, more: string, language: string): Completion {
  return {
    label: name,
    apply: name + more,
    ...(detail === "" || detail === name ? {} : { detail }),
    ...(info === "" ? {} : { info: () => told(info, language) }),
  };
}

function told(text: string, language: string): HTMLElement {
  return element("div", { lang: language, dir: "auto" }, text);
}

/** Return the tooltip that says what a key or a listed value means. */
export function explaining(schema: () => Schema | null, language: string): Extension {
  return hoverTooltip((view, offset): Tooltip | null => {
    const known = schema();
    if (known === null) return null;
    const { document } = read(view.state.doc.toString());
    const found = standing(document, offset);
    if (found === null) return null;
    const value = plain(document);
    const text = view.state.sliceDoc(found.at.from, found.at.to);
    const offer = found.isKey
      ? known.meaning(value, found.path)
      : (known.values(value, found.path).find(({ name }) => name === text) ?? null);
    if (offer === null || offer.info === "") return null;
    return {
      pos: found.at.from,
      end: found.at.to,
      above: true,
      create: () => {
        const title = offer.detail === "" ? [] : [element("strong", {}, offer.detail)];
        const dom = element(
          "div",
          { class: "cm-explanation", lang: language, dir: "auto" },
          ...title,
          element("p", {}, offer.info),
        );
        return { dom };
      },
    };
  });
}

/** Return a document as values; aliases, which the server refuses, are not followed. */
export function plain(document: Written["document"]): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return null;
  }
}
