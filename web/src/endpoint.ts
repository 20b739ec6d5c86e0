// The SPARQL 1.1 Protocol as a client: one query, one answer, read up to a size.

import { RESULTS, TRIPLES } from "./answer";

export const MAX_MEGABYTES = 20;

/** What came: the text of the answer, "cut" where it was longer than is read. */
export interface Reply {
  readonly mediaType: string;
  readonly text: string;
  readonly isCut: boolean;
}

/** The server's words on why it does not answer. */
export class Refused extends Error {}

/** The answer ended before its end. */
export class Broken extends Error {}

/** Send a query. Throws Refused, Broken, AbortError by `signal`, TypeError without network. */
export async function ask(endpoint: string, query: string, signal: AbortSignal): Promise<Reply> {
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
