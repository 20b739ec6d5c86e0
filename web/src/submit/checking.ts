// Has what is written checked by the server when the writer pauses, and again when it can answer.

import { Refused, Unreachable, type Content, type Report, type Server } from "./server";

const PAUSE_MS = 600;
const AGAIN_MS = 10_000;

/** What is known of the text as it stands. */
export type Verdict =
  | { readonly kind: "checking" }
  | { readonly kind: "report"; readonly report: Report; readonly content: Content }
  | { readonly kind: "offline" }
  | { readonly kind: "busy"; readonly seconds: number }
  | { readonly kind: "failed"; readonly why: string };

export class Checking {
  #timer = 0;
  #running: AbortController | null = null;

  constructor(
    private readonly server: Server,
    private readonly content: () => Content | null,
    private readonly tell: (verdict: Verdict) => void,
  ) {}

  /** Check after a pause: what is asked for meanwhile is asked for anew. */
  soon(milliseconds = PAUSE_MS): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#check(), milliseconds);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    this.#running?.abort();
  }

  async #check(): Promise<void> {
    this.#running?.abort();
    const content = this.content();
    if (content === null) return;
    const now = new AbortController();
    this.#running = now;
    this.tell({ kind: "checking" });
    try {
      const report = await this.server.report(content, now.signal);
      if (this.#running === now) this.tell({ kind: "report", report, content });
    } catch (error) {
      if (this.#running !== now || now.signal.aborted) return;
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (error instanceof Unreachable) {
      this.tell({ kind: "offline" });
      this.soon(AGAIN_MS);
    } else if (error instanceof Refused && error.seconds !== null) {
      const seconds = Math.max(error.seconds, 1);
      this.tell({ kind: "busy", seconds });
      this.soon(seconds * 1_000);
    } else {
      this.tell({ kind: "failed", why: error instanceof Error ? error.message : String(error) });
    }
  }
}
