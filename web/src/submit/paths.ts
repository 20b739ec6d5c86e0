// From a place in a submission to the path that leads there, and back.

import { isMap, isScalar, isSeq, type Document } from "yaml";
import type { Span } from "./grounding";
import type { Step } from "./schema";

export interface Standing {
  readonly path: readonly Step[];
  readonly isKey: boolean;
  readonly at: Span;
}

/** Return what stands at an offset of a document: a key, or a scalar; null for neither. */
export function standing(document: Document, offset: number): Standing | null {
  return within(document.contents, offset, []);
}

function within(node: unknown, offset: number, path: readonly Step[]): Standing | null {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const inner = [...path, String(key.value)];
      if (covers(key.range, offset)) return { path: inner, isKey: true, at: spanOf(key.range) };
      const found = within(value, offset, inner);
      if (found !== null) return found;
    }
  } else if (isSeq(node)) {
    for (const [number, item] of node.items.entries()) {
      const found = within(item, offset, [...path, number]);
      if (found !== null) return found;
    }
  } else if (isScalar(node) && covers(node.range, offset)) {
    return { path, isKey: false, at: spanOf(node.range) };
  }
  return null;
}

/** Return where the key or the value stands that a path leads to. */
export function spanAt(document: Document, path: readonly Step[], isKey: boolean): Span | null {
  let node: unknown = document.contents;
  for (const [number, step] of path.entries()) {
    if (isSeq(node) && typeof step === "number") node = node.items[step];
    else if (isMap(node)) {
      // Of a key that stands twice, the last counts where it is read as a value.
      const pair = node.items.findLast((each) => isScalar(each.key) && String(each.key.value) === step);
      if (isKey && number === path.length - 1 && isScalar(pair?.key)) return spanOf(pair.key.range);
      node = pair?.value;
    } else return null;
  }
  return isScalar(node) ? spanOf(node.range) : null;
}

type Range = readonly [number, number, number] | null | undefined;

function covers(range: Range, offset: number): boolean {
  return range != null && range[0] <= offset && offset <= range[1];
}

function spanOf(range: Range): Span {
  return { from: range?.[0] ?? 0, to: range?.[1] ?? 0 };
}
