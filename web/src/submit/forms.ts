// Plain forms for the simple kinds: they write the YAML that anyone could write, and show it.

import { element } from "../shown";
import { addEntity, addStatement, shown, type Change, type Entry, type Refusal } from "./inserting";
import { found, type Say } from "./settings";
import { FOLDERS, SECTIONS, type Written } from "./written";

const KINDS = ["person", "office", "tenure", "quotation"] as const;
type Kind = (typeof KINDS)[number];
const LANGUAGES = ["en", "ar", "ckb"];
const SLUG = /^(?!(?:id|type)$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
const REFERENCE = /^[a-z]+\/[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What a form makes: an entity of a section, or a statement. */
interface Made {
  readonly section: "people" | "offices" | "statements";
  readonly slug: string;
  readonly entry: Entry;
}

export interface FormsWishes {
  readonly say: Say;
  readonly text: () => string;
  /** The selected words of the article, and which of their places it is where there are several. */
  readonly words: () => { readonly words: string; readonly occurrence: number | null } | null;
  readonly apply: (change: Change) => void;
  readonly notice: (text: string) => void;
}

/** Make the forms work. Returns what is to be called with a submission that has changed. */
export function forms(wishes: FormsWishes): (written: Written) => void {
  const { say, apply, notice } = wishes;
  const kind = found("submit-kind", HTMLSelectElement);
  const preview = found("submit-preview", HTMLPreElement);
  const occurrences = new Map<HTMLFormElement, number | null>();
  const formOf = (each: Kind) => found(`form-${each}`, HTMLFormElement);
  const chosen = () => (KINDS as readonly string[]).includes(kind.value) ? (kind.value as Kind) : "person";
  const made = (each: Kind) => entryOf(each, formOf(each), occurrences.get(formOf(each)) ?? null);
  const show = () => {
    const { section, slug, entry } = made(chosen());
    const isItem = section === "statements";
    const text = shown(section, isItem ? entry : { [slug || "…"]: entry }, isItem);
    preview.replaceChildren(...text.trimEnd().split("\n").flatMap(previewed));
  };
  const choose = () => {
    for (const each of KINDS) formOf(each).hidden = each !== chosen();
    show();
  };
  kind.addEventListener("change", choose);
  for (const each of KINDS) {
    const form = formOf(each);
    form.addEventListener("input", show);
    form.noValidate = true; // problems are told in the language of the page
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const what = made(each);
      const refusal = wrong(each, form, what);
      if (refusal !== null) {
        notice(say(refusal.key));
        refusal.field?.focus();
        return;
      }
      const change = changed(wishes.text(), what);
      if (typeof change === "string") {
        notice(say(change, { slug: what.slug }));
        return;
      }
      apply(change);
      form.reset();
      occurrences.delete(form);
      show();
      notice(say("added"));
    });
    const words = field(form, "words");
    words?.addEventListener("input", () => occurrences.delete(form));
    form.querySelector(".submit-take")?.addEventListener("click", () => {
      const selected = wishes.words();
      if (selected === null || words === null) {
        notice(say("select-first"));
        return;
      }
      words.value = selected.words;
      occurrences.set(form, selected.occurrence);
      show();
      words.focus();
    });
  }
  for (const each of ["person", "office"] as const) suggesting(formOf(each), show);
  choose();
  return offer;
}

/** Return a line of YAML as it is shown: its value keeps its own direction. */
function previewed(line: string): (Node | string)[] {
  const [, key = line, value = ""] = /^(\s*(?:- )?[\w-]+: )(.+)$/.exec(line) ?? [];
  return [key, ...(value === "" ? [] : [element("bdi", {}, value)]), "\n"];
}

/** Suggest a short name from an English name, as long as none is written. */
function suggesting(form: HTMLFormElement, show: () => void): void {
  const name = field(form, "name-en");
  const slug = field(form, "slug");
  let suggested = "";
  name?.addEventListener("input", () => {
    if (slug === null || slug.value !== suggested) return;
    suggested = name.value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    suggested = suggested.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 100);
    slug.value = suggested;
    show();
  });
  form.addEventListener("reset", () => {
    suggested = "";
  });
}

function entryOf(kind: Kind, form: HTMLFormElement, occurrence: number | null): Made {
  const text = (name: string) => field(form, name)?.value.trim() ?? "";
  const given = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, text(name)]).filter(([, value]) => value !== ""));
  const which = occurrence === null ? {} : { occurrence: String(occurrence) };
  // Spaces and line breaks around the words are the article's, too; inside, each counts.
  const words = { words: text("words"), ...which };
  if (kind === "person" || kind === "office") {
    const name = Object.fromEntries(
      LANGUAGES.map((each) => [each, text(`name-${each}`)]).filter(([, value]) => value !== ""),
    );
    const box = form.elements.namedItem("single-holder");
    const single = box instanceof HTMLInputElement && box.checked ? { "single-holder": "true" } : {};
    const more = kind === "office" ? { ...given("organisation", "jurisdiction"), ...single } : {};
    const section = kind === "person" ? "people" : "offices";
    return { section, slug: text("slug"), entry: { name, ...more } };
  }
  if (kind === "quotation") {
    const { about, ...rest } = given("said-by", "about");
    const topics: Entry = about === undefined ? {} : { about: [about] };
    return { section: "statements", slug: "", entry: { ...words, ...rest, ...topics } };
  }
  const tenure = { type: "Tenure", ...given("person", "office", "start", "end") };
  return { section: "statements", slug: "", entry: { ...words, asserts: [tenure] } };
}

/** Return what is missing, and where. */
function wrong(
  kind: Kind,
  form: HTMLFormElement,
  { section, slug, entry }: Made,
): { key: string; field: HTMLElement | null } | null {
  if (section !== "statements") {
    if (Object.keys(entry["name"] ?? {}).length === 0) {
      return { key: "no-name", field: field(form, "name-en") };
    }
    if (!SLUG.test(slug)) return { key: "no-slug", field: field(form, "slug") };
  } else if (entry["words"] === "") {
    return { key: "select-first", field: field(form, "words") };
  }
  const bare = ["organisation", "jurisdiction", "person", "office"];
  const needed: readonly string[] = kind === "tenure" ? ["person", "office"] : ["said-by"];
  for (const name of [...bare, "said-by", "about"]) {
    const input = field(form, name);
    const value = input?.value.trim() ?? "";
    if (input === null || (value === "" && !needed.includes(name))) continue;
    const fits = bare.includes(name) ? SLUG : REFERENCE;
    if (!fits.test(value)) return { key: "no-slug", field: input };
  }
  return null;
}

function changed(text: string, { section, slug, entry }: Made): Change | Refusal {
  return section === "statements" ? addStatement(text, entry) : addEntity(text, section, slug, entry);
}

function field(form: HTMLFormElement, name: string): HTMLInputElement | HTMLTextAreaElement | null {
  const found = form.elements.namedItem(name);
  const isField = found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement;
  return isField ? found : null;
}

/** Offer what the submission introduces where a form refers to it. */
function offer({ slugs }: Written): void {
  const whole = SECTIONS.flatMap((each) => slugs[each].map((slug) => `${FOLDERS[each]}/${slug}`));
  const speakers = whole.filter((each) => /^(?:person|organisation|group)\//.test(each));
  const lists = {
    people: slugs.people,
    offices: slugs.offices,
    organisations: slugs.organisations,
    places: slugs.places,
    speakers,
    things: whole,
  };
  for (const [name, values] of Object.entries(lists)) {
    const options = values.map((value) => new Option("", value));
    found(`submit-${name}`, HTMLDataListElement).replaceChildren(...options);
  }
}
