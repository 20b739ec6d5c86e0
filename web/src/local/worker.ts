// Evaluates queries apart from the page, which ends it where one takes too long.

import { fetched, Missing } from "./dump";
import type { Request, Response } from "./messages";
import { Dataset, isFatal } from "./store";

let dataset: Dataset | null = null;

function tell(response: Response): void {
  self.postMessage(response);
}

async function take(request: Request): Promise<void> {
  if (request.to === "open") {
    const { wasm, dump, base } = request;
    try {
      const told = (bytes: number, whole: number) => tell({ of: "fetched", bytes, whole });
      dataset = await Dataset.opened(wasm, fetched(dump, told), base);
      tell({ of: "opened" });
    } catch (error) {
      tell({ of: "unopened", isMissing: error instanceof Missing });
    }
    return;
  }
  const { number, query, declared, form, most } = request;
  try {
    if (dataset === null) throw new Error("nothing is loaded");
    const answer = dataset.answer(query, declared, form);
    const isCut = answer.text.length > most;
    const sent = isCut ? { ...answer, text: answer.text.slice(0, most) } : answer;
    tell({ of: "answer", number, answer: sent, isCut });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell({ of: "failure", number, message, isFatal: isFatal(error) });
  }
}

self.addEventListener("message", (event: MessageEvent<Request>) => void take(event.data));
