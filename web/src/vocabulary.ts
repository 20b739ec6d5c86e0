// The terms that queries can use: those of the ontology, with what they mean.

import type { Settings } from "./settings";
import { short } from "./shown";

export interface Entry {
  readonly iri: string;
  readonly name: string; // prefixed
  readonly form: "class" | "property" | "kind";
  readonly label: string;
  readonly definition: string;
}

/** Fetch JSON. Throws Error where it cannot be had. */
export async function json(address: string): Promise<unknown> {
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

/** Return the ontology's terms in the page's language; none where they cannot be had. */
export async function vocabulary(
  told: Promise<unknown>,
  settings: Settings,
): Promise<readonly Entry[]> {
  try {
    const terms = (await told) as Omit<Entry, "name">[];
    return terms.map((term) => ({ ...term, name: short(term.iri, settings.prefixes) }));
  } catch {
    return []; // one can write queries without
  }
}

/** Return what the terms of `entries` begin with, as prefixes that have no other terms. */
export function closedPrefixes(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.map((entry) => entry.name.split(":")[0] ?? ""));
}
