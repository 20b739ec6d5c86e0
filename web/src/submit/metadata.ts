// What is known of an article that is not published yet: the fields of its form.

import type { Fields } from "./drafts";
import { found } from "./settings";

const NAMES = ["title", "language", "slug", "publisher", "published", "source"] as const;

export interface MetadataWishes {
  readonly changed: () => void;
  readonly renamed: (slug: string) => void;
  readonly spoken: (language: string) => void;
}

export class Metadata {
  readonly #form = found("submit-metadata", HTMLFormElement);

  constructor({ changed, renamed, spoken }: MetadataWishes) {
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLInputElement && target.name === "slug") renamed(target.value.trim());
      if (target instanceof HTMLSelectElement) spoken(target.value);
      changed();
    });
  }

  /** Show the form with these fields, or hide it. */
  show(fields: Fields | null): void {
    this.#form.hidden = fields === null;
    this.#form.reset();
    for (const [name, value] of Object.entries(fields ?? {})) {
      const field = this.#field(name);
      if (field !== null) field.value = value;
    }
  }

  fields(): Record<string, string> {
    return Object.fromEntries(NAMES.map((name) => [name, this.#field(name)?.value.trim() ?? ""]));
  }

  get language(): string {
    return this.#field("language")?.value ?? "";
  }

  focus(): void {
    this.#field("title")?.focus();
  }

  #field(name: string): HTMLInputElement | HTMLSelectElement | null {
    const each = this.#form.elements.namedItem(name);
    return each instanceof HTMLInputElement || each instanceof HTMLSelectElement ? each : null;
  }
}
