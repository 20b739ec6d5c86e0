// What the address of a search page asks for: see kgpub.service.search.routes.

import { PARTS, type Asked, type Part } from "./searching";

/** How much of each part stands on the page of all, and of one on its own. */
const COUNTS: Readonly<Record<Part, number>> = { entities: 8, statements: 8, articles: 4 };
export const PER_PAGE = 20;
const MAX_FIRST = 1_000;

/** `part` is what is shown alone, null for all. */
export interface Request {
  readonly text: string;
  readonly part: Part | null;
  readonly asked: Asked;
}

/** Return what parameters ask for. Those that make no sense count as not given. */
export function asked(given: URLSearchParams): Request {
  const text = given.get("q") ?? "";
  const part = PARTS.find((each) => each === given.get("in")) ?? null;
  if (part === null) return { text, part, asked: { counts: COUNTS, first: 0 } };
  const from = given.get("from") ?? "";
  const first = /^\d{1,9}$/.test(from) ? Math.min(Number(from), MAX_FIRST) : 0;
  return { text, part, asked: { counts: { [part]: PER_PAGE }, first } };
}
