// A dataset in a worker as what answers queries. The worker is ended where a query takes too long or
// is given up, and another one begins to load at once.

import { MAX_MEGABYTES, type Reply } from "../endpoint";
import type { Dump } from "./dump";
import type { Request, Response } from "./messages";
import type { Refusing } from "./refusing";
import { prologue } from "./sparql";
import type { Text } from "./store";

/** What answers queries on the page itself, also as whole files. */
export interface Whole {
  ask(query: string, signal: AbortSignal): Promise<Reply>;
  /** Return the whole answer in a form, where a query has answers of that form. Throws as `ask`. */
  whole(query: string, form: string, signal: AbortSignal): Promise<Text>;
}

export interface Local {
  readonly worker: string;
  readonly wasm: string;
  readonly dump: Dump;
  readonly base: string;
  readonly seconds: number;
}

/** How far loading is: of `whole` bytes, 0 where it is not known; the end, and why it cannot be. */
export type State =
  | { readonly is: "loading"; readonly bytes: number; readonly whole: number }
  | { readonly is: "ready" | "offline" | "missing" | "broken" };

interface Waiting {
  readonly query: string;
  readonly declared: string;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: Error) => void;
}

interface Answered {
  readonly answer: Text;
  readonly isCut: boolean;
}

/** A worker, and what waits for it. */
interface Running {
  readonly worker: Worker;
  readonly opened: Promise<void>;
  readonly waiting: Map<number, Waiting>;
}

const EVERYTHING = Number.MAX_SAFE_INTEGER;

export class LocalEndpoint implements Whole {
  readonly #local: Local;
  readonly #refusing: Refusing;
  readonly #tell: (state: State) => void;
  #running: Running;
  #number = 0;

  /** Begin to load; `tell` is called with each step. */
  constructor(local: Local, refusing: Refusing, tell: (state: State) => void) {
    this.#local = local;
    this.#refusing = refusing;
    this.#tell = tell;
    this.#running = this.#begun();
  }

  async ask(query: string, signal: AbortSignal): Promise<Reply> {
    const { answer, isCut } = await this.#answered(query, "", MAX_MEGABYTES * 1e6, signal);
    return { mediaType: answer.mediaType, text: answer.text, isCut };
  }

  async whole(query: string, form: string, signal: AbortSignal): Promise<Text> {
    return (await this.#answered(query, form, EVERYTHING, signal)).answer;
  }

  async #answered(
    query: string,
    form: string,
    most: number,
    signal: AbortSignal,
  ): Promise<Answered> {
    this.#refusing.check(query);
    signal.throwIfAborted();
    const running = this.#running;
    const begunAgain = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
    await Promise.race([running.opened, begunAgain]);
    return this.#asked(running, query, form, most, signal);
  }

  #asked(
    running: Running,
    query: string,
    form: string,
    most: number,
    signal: AbortSignal,
  ): Promise<Answered> {
    const declared = prologue(query, this.#refusing.prefixes);
    const number = (this.#number += 1);
    const { seconds } = this.#local;
    return new Promise<Answered>((resolve, reject) => {
      const late = this.#refusing.of("late", { seconds });
      const timer = setTimeout(() => this.#end(running, late), seconds * 1000);
      const stop = () => this.#end(running, signal.reason as Error);
      const settled = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      };
      running.waiting.set(number, {
        query,
        declared,
        resolve: (answered) => {
          settled();
          resolve(answered);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      signal.addEventListener("abort", stop, { once: true });
      send(running.worker, { to: "answer", number, query, declared, form, most });
    });
  }

  #begun(): Running {
    const worker = new Worker(this.#local.worker);
    const { wasm, dump, base } = this.#local;
    const { promise, resolve, reject } = deferred();
    const running = { worker, opened: promise, waiting: new Map<number, Waiting>() };
    promise.catch(() => undefined); // told as a state, and to each who asks
    const unopened = (is: "missing" | "broken") => {
      reject(this.#refusing.of(is));
      this.#tell({ is });
    };
    worker.addEventListener("error", () => unopened("broken"));
    worker.addEventListener("message", ({ data }: MessageEvent<Response>) => {
      if (data.of === "fetched") this.#tell({ is: "loading", ...data });
      else if (data.of === "unopened") unopened(data.isMissing ? "missing" : "broken");
      else if (data.of === "opened") {
        resolve();
        this.#tell({ is: "ready" });
      } else this.#take(running, data);
    });
    this.#tell({ is: "loading", bytes: 0, whole: 0 });
    send(worker, { to: "open", wasm, dump, base });
    return running;
  }

  #take(running: Running, response: Response & { of: "answer" | "failure" }): void {
    const waiting = running.waiting.get(response.number);
    if (waiting === undefined) return;
    running.waiting.delete(response.number);
    if (response.of === "answer") {
      waiting.resolve(response);
      return;
    }
    const { query, declared, reject } = waiting;
    const { message, isFatal } = response;
    const error = isFatal ? this.#refusing.of("memory") : this.#refusing.told(message, query, declared);
    reject(error);
    if (isFatal) this.#end(running, error);
  }

  /** End a worker and all that waits for it, and begin anew. */
  #end(running: Running, error: Error): void {
    if (running === this.#running) {
      running.worker.terminate();
      this.#running = this.#begun();
    }
    for (const { reject } of running.waiting.values()) reject(error);
    running.waiting.clear();
  }
}

function send(worker: Worker, request: Request): void {
  worker.postMessage(request);
}

function deferred() {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
