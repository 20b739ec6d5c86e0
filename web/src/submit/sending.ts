// Sends what is written, and says that it was received once the server has said so.

import { element } from "../shown";
import {
  Refused,
  Unreachable,
  type Before,
  type Content,
  type Received,
  type Report,
  type Server,
} from "./server";
import type { Say } from "./settings";

const TOKEN = "kgpub-token";
const AGAIN_MS = 15_000;
/** There is none of it any more, it is decided, or it has changed since. */
const GONE = [404, 409, 412];

export interface SendingWishes {
  readonly say: Say;
  readonly isSignedIn: boolean;
  readonly content: () => Content | null;
  /** Called with whether it waits to be sent, to keep that with the draft. */
  readonly waits: (isWaiting: boolean) => void;
  readonly received: (content: Content) => void;
  readonly refused: (report: Report) => void;
}

export class Sending {
  #timer = 0;
  #isRunning = false;
  /** What was received before, as long as the same article is worked on. */
  #before: Before | null = null;
  /** What that was. */
  #last = "";

  constructor(
    private readonly server: Server,
    private readonly outcome: HTMLElement,
    private readonly field: HTMLInputElement | null,
    private readonly wishes: SendingWishes,
  ) {
    if (field === null) return;
    field.value = window.sessionStorage.getItem(TOKEN) ?? "";
    field.addEventListener("change", () => {
      // Of this tab alone, and no longer than that is open.
      if (field.value.trim() === "") window.sessionStorage.removeItem(TOKEN);
      else window.sessionStorage.setItem(TOKEN, field.value.trim());
    });
  }

  /** Send it, as long as it takes: what was sent twice is received once. */
  async send(): Promise<void> {
    const { say, isSignedIn, content, waits, received, refused } = this.wishes;
    window.clearTimeout(this.#timer);
    const token = this.field?.value.trim() ?? "";
    const sent = content();
    if (sent === null || this.#isRunning) return;
    if (token === "" && !isSignedIn) {
      this.#tell(say("no-token"));
      this.field?.focus();
      return;
    }
    this.#isRunning = true;
    waits(true);
    this.#tell(say("sending"));
    try {
      const told = await this.#submitted(sent, token);
      const isReplaced = told.location === this.#before?.location && !this.#isLast(sent);
      this.#before = { location: told.location, tag: told.tag };
      this.#last = JSON.stringify(sent);
      received(sent);
      this.#show(told, token, isReplaced);
    } catch (error) {
      if (error instanceof Unreachable) {
        this.#tell(say("later"));
        this.#timer = window.setTimeout(() => void this.send(), AGAIN_MS);
        return;
      }
      waits(false);
      if (error instanceof Refused && [401, 403].includes(error.status)) {
        this.#tell(say("refused-token"), error.message);
      } else if (error instanceof Refused && error.report !== null) {
        this.#tell(say("has-errors"));
        refused(error.report);
      } else {
        this.#tell(say("not-received", { why: error instanceof Error ? error.message : "" }));
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /** Wait no longer for the connection. Returns false where it is on its way already. */
  cancel(): boolean {
    if (this.#isRunning) return false;
    window.clearTimeout(this.#timer);
    this.#tell(this.wishes.say("cancelled"));
    return true;
  }

  get before(): Before | null {
    return this.#before;
  }

  /** Begin with another article, and what was received of that before. */
  forget(before: Before | null): void {
    window.clearTimeout(this.#timer);
    this.#before = before;
    this.#last = "";
    this.outcome.replaceChildren();
  }

  /** Put it in the place of what was received before; if that is decided by now, send it anew. */
  async #submitted(content: Content, token: string): Promise<Received> {
    const before = this.#isLast(content) ? null : this.#before;
    try {
      return await this.server.submit(content, token, before);
    } catch (error) {
      const isGone = error instanceof Refused && GONE.includes(error.status);
      if (before === null || !isGone) throw error;
      // It may also have been replaced already, with the answer lost: then this adds nothing.
      this.#before = null;
      return this.server.submit(content, token, null);
    }
  }

  #isLast(content: Content): boolean {
    return this.#last === JSON.stringify(content);
  }

  #tell(...texts: readonly string[]): void {
    this.outcome.replaceChildren(...texts.map((each) => element("p", { dir: "auto" }, each)));
  }

  #show({ id, state, isNew, location }: Received, token: string, isReplaced: boolean): void {
    const { say } = this.wishes;
    this.#tell(say(isReplaced ? "replaced" : isNew ? "received" : "received-before"));
    const number = element("a", { href: location }, say("number", { id }));
    const stands = element("span", { "data-state": state }, stated(state, say));
    const look = element("button", { type: "button" }, say("look"));
    look.addEventListener("click", () => {
      void this.server.standing(location, token).then(
        ({ state: now, reason }) => {
          stands.dataset["state"] = now;
          stands.replaceChildren(stated(now, say), " ", element("bdi", {}, reason));
        },
        (error: unknown) => {
          stands.textContent = say("failed", { why: error instanceof Error ? error.message : "" });
        },
      );
    });
    this.outcome.append(element("p", {}, number, " · ", stands, " ", look));
  }
}

function stated(state: string, say: Say): string {
  try {
    return say(`state-${state}`);
  } catch {
    return state; // one that this page does not know yet
  }
}
