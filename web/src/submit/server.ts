// What the page asks the server: articles, the schema, reports, and to receive a submission.

import type { SubmitSettings } from "./settings";

/** The server cannot be reached, as far as the browser knows. */
export class Unreachable extends Error {}

/** The server refuses; `message` is in its words. `seconds` is when to ask again, if it says so. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly seconds: number | null = null,
    /** The report, where it refuses a submission for what is in it. */
    readonly report: Report | null = null,
  ) {
    super(message);
  }
}

export interface Article {
  readonly slug: string;
  readonly title: Readonly<Record<string, string>>;
  readonly language?: string;
  readonly publisher?: string;
  readonly published?: string;
  readonly checksum?: string;
  readonly text?: string;
}

export interface Listed {
  readonly total: number;
  readonly articles: readonly Article[];
}

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn?: number;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly remedy: string;
}

export interface Report {
  readonly accepted: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly outcomes?: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
}

/** What is submitted; `article` is there for one that is not published yet. */
export interface Content {
  readonly slug: string;
  readonly facts: string;
  readonly article: { readonly text: string; readonly metadata: string } | null;
}

export interface Received {
  readonly id: string;
  readonly state: string;
  /** Whether it had not been sent before. */
  readonly isNew: boolean;
  readonly location: string;
  /** Which version of it this is, as its entity tag tells. */
  readonly tag: string;
}

/** What was received before, in whose place something else is to be put. */
export type Before = Pick<Received, "location" | "tag">;

/** What has become of a submission, and what was said of it last. */
export interface Standing {
  readonly state: string;
  readonly reason: string;
}

/** What files are called in reports. */
export const FACTS = "facts.yaml";
const YAML = "application/yaml";

export class Server {
  readonly #settings: SubmitSettings;

  constructor(settings: SubmitSettings) {
    this.#settings = settings;
  }

  async schema(): Promise<unknown> {
    return (await this.#asked(this.#settings.addresses.schema, {})).json();
  }

  async articles(words: string): Promise<Listed> {
    const query = new URLSearchParams({ q: words });
    const answer = await this.#asked(`${this.#settings.addresses.articles}?${query}`, {});
    return (await answer.json()) as Listed;
  }

  async article(slug: string): Promise<Article> {
    const address = `${this.#settings.addresses.articles}/${encodeURIComponent(slug)}`;
    return (await (await this.#asked(address, {})).json()) as Article;
  }

  async report(content: Content, signal: AbortSignal): Promise<Report> {
    const answer = await this.#sent("POST", this.#settings.addresses.validate, content, {}, signal);
    return (await answer.json()) as Report;
  }

  /** Submit, in the place of what was received `before` if there is such. */
  async submit(content: Content, token: string, before: Before | null): Promise<Received> {
    const { formToken, addresses } = this.#settings;
    const headers: Record<string, string> = before === null ? {} : { "If-Match": before.tag };
    if (token !== "") headers["Authorization"] = `Bearer ${token}`;
    else if (formToken !== "") headers["X-CSRF-Token"] = formToken;
    const method = before === null ? "POST" : "PUT";
    const address = before?.location ?? addresses.submissions;
    const answer = await this.#sent(method, address, content, headers);
    const told = (await answer.json()) as { id?: unknown; state?: unknown };
    return {
      id: String(told.id ?? ""),
      state: String(told.state ?? ""),
      isNew: answer.status === 201,
      location: before?.location ?? answer.headers.get("Location") ?? "",
      tag: answer.headers.get("ETag") ?? "",
    };
  }

  /** Return what has become of a submission that was received at an address. */
  async standing(location: string, token: string): Promise<Standing> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (token !== "") headers["Authorization"] = `Bearer ${token}`;
    const answer = await this.#asked(location, { headers, cache: "no-store" });
    const told = (await answer.json()) as { state?: unknown; events?: { reason?: unknown }[] };
    return { state: String(told.state ?? ""), reason: String(told.events?.at(-1)?.reason ?? "") };
  }

  async #sent(
    method: string,
    address: string,
    { slug, facts, article }: Content,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Response> {
    const query = new URLSearchParams({ lang: this.#settings.language, name: FACTS });
    if (slug !== "") query.set("article", slug);
    const init: RequestInit = { method, headers: { Accept: "application/json", ...headers } };
    if (signal !== undefined) init.signal = signal;
    if (article === null) {
      init.headers = { ...init.headers, "Content-Type": YAML };
      init.body = facts;
    } else {
      const form = new FormData();
      form.set("facts", new Blob([facts], { type: YAML }), FACTS);
      form.set("text", new Blob([article.text], { type: "text/plain" }), "article.txt");
      form.set("metadata", new Blob([article.metadata], { type: YAML }), "article.yaml");
      init.body = form;
    }
    return this.#asked(`${address}?${query}`, init);
  }

  async #asked(address: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(address, init);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Unreachable(String(error));
    }
    if (answer.ok) return answer;
    throw await refusal(answer);
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const after = Number(answer.headers.get("Retry-After"));
  const seconds = answer.headers.has("Retry-After") && after >= 0 ? after : null;
  let message = `${answer.status} ${answer.statusText}`.trim();
  let report: Report | null = null;
  try {
    const told = (await answer.json()) as Record<string, unknown>;
    const words = [told["detail"] ?? told["message"], told["remedy"]].filter(
      (each) => typeof each === "string" && each !== "",
    );
    if (words.length > 0) message = words.join(". ");
    const found = (told["report"] ?? told) as Partial<Report>;
    if (Array.isArray(found.problems)) report = found as Report;
  } catch {
    // What stands between the server and here may answer something else.
  }
  return new Refused(answer.status, message, seconds, report);
}
