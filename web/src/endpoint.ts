// What answers queries; here a server, by the SPARQL 1.1 Protocol: an answer is read up to a size.

import { RESULTS, TRIPLES } from "./answer";

export const MAX_MEGABYTES = 20;

/** What came: the text of the answer, "cut" where it was longer than is read. */
export interface Reply {
  readonly mediaType: string;
  readonly text: string;
  readonly isCut: boolean;
}

/** Where something stands, in lines and in code points of its line, both from 1. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/** The words of who does not answer on why; a server writes the place into them. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly spot: Spot | null = null,
  ) {
    super(message);
  }
}

/** The answer ended before its end. */
export class Broken extends Error {}

/** What answers queries. */
export interface Endpoint {
  /** Answer a query. Throws Refused, Broken, AbortError by `signal`, TypeError without network. */
  ask(query: string, signal: AbortSignal): Promise<Reply>;
}

/** Return the endpoint at an address. */
export function served(address: string): Endpoint {
  return { ask: (query, signal) => ask(address, query, signal) };
}

async function ask(endpoint: string, query: string, signal: AbortSignal): Promise<Reply> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      Accept: `${RESULTS}, ${TRIPLES}`,
      "Content-Type": "application/sparql-query; charset=utf-8",
    },
    body: query,
    credentials: "omit",
    signal,
  });
  const mediaType = (response.headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
  const { text, isCut } = await bounded(response, signal);
  if (!response.ok) throw new Refused(text.trim() || `HTTP ${response.status}`);
  return { mediaType, text, isCut };
}

async function bounded(response: Response, signal: AbortSignal) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  while (reader !== undefined) {
    const chunk = await reader.read().catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new Broken(String(error));
    });
    if (chunk.done) break;
    size += chunk.value.length;
    text += decoder.decode(chunk.value, { stream: true });
    if (size > MAX_MEGABYTES * 1e6) {
      await reader.cancel();
      return { text, isCut: true };
    }
  }
  return { text: text + decoder.decode(), isCut: false };
}
