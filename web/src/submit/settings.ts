// What the page tells its script: see kgpub.pages.submit.

import { saying, type Say } from "../settings";

export interface SubmitSettings {
  readonly language: string;
  readonly addresses: {
    readonly articles: string;
    readonly schema: string;
    readonly validate: string;
    readonly submissions: string;
  };
  readonly isSignedIn: boolean;
  /** Proves that a request comes from this page; "" where that is not asked for. */
  readonly formToken: string;
  readonly words: Readonly<Record<string, string>>;
}

export type { Say };

export function settings(): SubmitSettings {
  const told = found("submit-settings", HTMLScriptElement).textContent ?? "";
  return JSON.parse(told) as SubmitSettings;
}

export function sayingOf(each: SubmitSettings): Say {
  return saying(each);
}

export function found<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
}
