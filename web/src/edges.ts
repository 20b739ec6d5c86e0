// What of an answer are nodes and edges: triples between things, or columns that name things.

import { OBJECT, PREDICATE, SUBJECT, type Answer, type Term } from "./answer";

const EDGE = /^(link|kind|predicate|property|relation|relationship|role|p|edge|label)$/i;

export interface Edge {
  readonly from: Term;
  readonly to: Term;
  readonly by: Term | null;
}

/** Return the edges, each once, or null where the answer has none to draw. */
export function edges(answer: Answer): readonly Edge[] | null {
  const columns = answer.form === "triples" ? [SUBJECT, OBJECT, PREDICATE] : ends(answer);
  if (columns === null) return null;
  const [start = "", stop = "", by = ""] = columns;
  const found = new Map<string, Edge>();
  for (const row of answer.rows) {
    const [from, to, edge] = [row.get(start), row.get(stop), row.get(by) ?? null];
    if (from === undefined || to === undefined || !isThing(from) || !isThing(to)) continue;
    found.set([from, to, edge].map((term) => term?.value ?? "").join("\n"), { from, to, by: edge });
  }
  return found.size === 0 ? null : [...found.values()];
}

/** Return the columns of one end, the other end, and of what is between them, if it is there. */
function ends(answer: Answer): string[] | null {
  const things = answer.columns.filter((column) => {
    const terms = answer.rows.map((row) => row.get(column)).filter((term) => term !== undefined);
    return terms.length > 0 && terms.every(isThing);
  });
  const between = answer.columns.find((column) => EDGE.test(column));
  const [start, stop] = things.filter((column) => column !== between);
  if (start === undefined || stop === undefined) return null;
  return between === undefined ? [start, stop] : [start, stop, between];
}

export function isThing(term: Term): boolean {
  return term.type !== "literal";
}
