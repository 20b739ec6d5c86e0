// What is being written, kept in this browser for each article: it outlives reloads and crashes.

import type { Before } from "./server";

const PREFIX = "kgpub-draft:";
/** A path of this host. */
const PATH = /^\/(?!\/)[\w\/.-]+$/;
/** The key of what is written about an article that is not published yet. */
export const NEW = "";

/** What is known of a new article, by the names of its fields. */
export type Fields = Readonly<Record<string, string>>;

export interface Draft {
  readonly facts: string;
  /** Of a new article only. */
  readonly text: string;
  readonly fields: Fields;
  /** The title of the article, to find it again; the checksum of the text that was written about. */
  readonly title: string;
  readonly checksum: string;
  /** Whether it is to be sent as soon as there is a connection. */
  readonly isSent: boolean;
  /** What was received of it before, and is to be replaced by it. */
  readonly before: Before | null;
  readonly at: number;
}

export interface Kept {
  readonly slug: string;
  readonly draft: Draft;
}

export class Drafts {
  readonly #storage: Storage | null;

  constructor() {
    this.#storage = storage();
  }

  /** Keep a draft; return whether that could be done. */
  keep(slug: string, draft: Draft): boolean {
    try {
      this.#storage?.setItem(PREFIX + slug, JSON.stringify(draft));
      return this.#storage !== null;
    } catch {
      return false;
    }
  }

  get(slug: string): Draft | null {
    return parsed(this.#storage?.getItem(PREFIX + slug) ?? null);
  }

  discard(slug: string): void {
    this.#storage?.removeItem(PREFIX + slug);
  }

  /** Return all that are kept, the last one first. */
  all(): Kept[] {
    const kept: Kept[] = [];
    for (let number = 0; number < (this.#storage?.length ?? 0); number += 1) {
      const key = this.#storage?.key(number) ?? "";
      if (!key.startsWith(PREFIX)) continue;
      const draft = this.get(key.slice(PREFIX.length));
      if (draft !== null) kept.push({ slug: key.slice(PREFIX.length), draft });
    }
    return kept.sort((one, other) => other.draft.at - one.draft.at);
  }

  /** Call back where another window changes the draft of an article. */
  watch(changed: (slug: string) => void): void {
    window.addEventListener("storage", ({ key }) => {
      if (key?.startsWith(PREFIX)) changed(key.slice(PREFIX.length));
    });
  }
}

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null; // the browser is told to keep nothing
  }
}

function parsed(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const told = JSON.parse(text) as Draft;
    const { facts, text: article, fields, title, checksum, isSent, before, at } = told;
    return {
      facts: String(facts ?? ""),
      text: String(article ?? ""),
      fields: Object.fromEntries(
        Object.entries(fields ?? {}).map(([name, value]) => [name, String(value)]),
      ),
      title: String(title ?? ""),
      checksum: String(checksum ?? ""),
      isSent: isSent === true,
      before: PATH.test(String(before?.location)) && before ? { ...before } : null,
      at: Number(at) || 0,
    };
  } catch {
    return null;
  }
}
