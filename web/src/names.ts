// What the IRIs of an answer are called: terms by the ontology, others by the endpoint itself.

import type { Answer } from "./answer";
import { read } from "./answer";
import type { Endpoint } from "./endpoint";
import type { Settings } from "./settings";
import type { Names } from "./shown";
import type { Entry } from "./vocabulary";

const MOST = 400;
const PATIENCE = 3_000; // milliseconds for which an answer waits for its names
const WRITABLE = /^[^<>"{}|^`\\\x00-\x20]+$/;
const QUERY = `PREFIX kg: <https://w3id.org/kgpub/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?iri ?name { VALUES ?iri { $ } ?iri kg:name|kg:title|skos:prefLabel|rdfs:label ?name }`;

/** Return names in the page's language, else in any; none where the endpoint does not tell. */
export async function names(
  answer: Answer,
  terms: readonly Entry[],
  settings: Settings,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Names> {
  const { language } = settings;
  const found = new Map<string, { text: string; language: string }>();
  for (const { iri, label } of terms) {
    if (label !== "") found.set(iri, { text: label, language });
  }
  const iris = new Set<string>();
  for (const row of answer.rows) {
    for (const term of row.values()) {
      if (term.type === "iri" && WRITABLE.test(term.value) && !found.has(term.value)) {
        iris.add(term.value);
      }
    }
    if (iris.size >= MOST) break;
  }
  if (iris.size === 0) return found;
  const query = QUERY.replace("$", () => [...iris].map((iri) => `<${iri}>`).join(" "));
  let told: Answer;
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    const reply = await endpoint.ask(query, patience);
    told = read(reply.text, reply.mediaType);
  } catch {
    return found; // the answer can be read without them
  }
  const rank = (tag: string) => [language, "en", ""].indexOf(tag) + 1 || 9;
  for (const row of told.rows) {
    const iri = row.get("iri")?.value ?? "";
    const name = row.get("name");
    if (name === undefined) continue;
    const tag = name.language ?? "";
    const kept = found.get(iri);
    if (kept === undefined || rank(tag) < rank(kept.language)) {
      found.set(iri, { text: name.value, language: tag });
    }
  }
  return found;
}
