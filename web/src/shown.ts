// Terms as a reader sees them: names, prefixed names, links to pages, texts in their direction.

import type { Term } from "./answer";
import type { Settings } from "./settings";

/** What things are called, by IRI. */
export type Names = ReadonlyMap<string, { readonly text: string; readonly language: string }>;

const LOCAL = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;
const XSD_STRING = "http://www.w3.org/2001/XMLSchema#string";

/** Make an element; texts become text nodes, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Return the prefixed name of an IRI, or the IRI. */
export function short(iri: string, prefixes: Readonly<Record<string, string>>): string {
  let best = "";
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const isLonger = namespace.length > (prefixes[best]?.length ?? 0);
    if (isLonger && iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length))) {
      best = prefix;
    }
  }
  const namespace = prefixes[best];
  return namespace === undefined ? iri : `${best}:${iri.slice(namespace.length)}`;
}

/** Return where an IRI leads: to its page here, to the web, or nowhere: null. */
export function address(iri: string, settings: Settings): string | null {
  for (const { iri: begin, href, ending, isOfFiles = false } of settings.places) {
    if (!iri.startsWith(begin) || iri === begin) continue;
    const [path = "", ...fragment] = iri.slice(begin.length).split("#");
    const segments = path.split("/");
    // Browsers take such segments away.
    if (segments.some((each) => each === "." || each === "..")) return null;
    // Where it is a file of another name, only who made the site knows that.
    if (isOfFiles && !segments.every((each, at) => isFileName(each, at === segments.length - 1))) {
      continue;
    }
    const encoded = segments.map(segmentEncoded).join("/");
    const last = segments.at(-1) ?? "";
    // What has a fragment, or is a file, is no page of its own.
    const isPage = ending !== "" && fragment.length === 0 && !last.includes(".");
    return href + encoded + (isPage ? beforeEnding(last) + ending : "");
  }
  return /^https?:\/\/[^\s/]/i.test(iri) ? iri : null;
}

const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?$/;
const NOT_IN_FILE_NAMES = /["*:<>?\\|~ς\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|^[. ]|[. ]$/u;
const OF_FILES = /\.(?:html|ttl|jsonld|nt|txt)$/;
const MAX_NAME = 230; // bytes

/** Whether a segment names its file, if it has any: at most what kgpub.pages.file_names keeps. */
function isFileName(segment: string, isLast: boolean): boolean {
  if (isLast && segment === "") return true; // an index
  return (
    segment !== "" &&
    (isLast || !OF_FILES.test(segment)) &&
    segment.toUpperCase().toLowerCase().normalize("NFC") === segment &&
    !NOT_IN_FILE_NAMES.test(segment) &&
    !DEVICE.test(segment) &&
    new TextEncoder().encode(segment).length <= MAX_NAME
  );
}

/** Return what comes between an IRI and the ending of its page: see kgpub.pages.addresses. */
function beforeEnding(segment: string): string {
  if (segment === "") return "index";
  return /^index_*$/.test(segment) ? "_" : "";
}

function segmentEncoded(segment: string): string {
  // Half of a surrogate pair is in no IRI, but may be in what a server sends.
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, "\ufffd"));
}

/** Return a term as it is shown in a cell or a list. */
export function shown(term: Term, settings: Settings, names: Names): Node {
  if (term.type === "blank") return element("span", { dir: "ltr" }, `_:${term.value}`);
  if (term.type === "literal") return literal(term, settings);
  const name = names.get(term.value);
  const prefixed = short(term.value, settings.prefixes);
  const text =
    name === undefined
      ? element("bdi", { dir: "ltr", class: "iri" }, prefixed)
      : element("bdi", { dir: "auto", lang: name.language }, name.text);
  const href = address(term.value, settings);
  if (href === null) return element("span", { title: prefixed }, text);
  const isOurs = href !== term.value;
  const rel: Record<string, string> = isOurs ? {} : { rel: "noopener nofollow" };
  return element("a", { href, title: prefixed, ...rel }, text);
}

function literal(term: Term, settings: Settings): Node {
  const { value, language, datatype } = term;
  const text = element("bdi", { dir: "auto", ...(language ? { lang: language } : {}) }, value);
  const tag = language ? `@${language}` : "";
  const typed = datatype && datatype !== XSD_STRING ? short(datatype, settings.prefixes) : "";
  if (!tag && !typed) return text;
  const note = element("small", { class: "tag", dir: "ltr" }, tag || typed);
  const whole = document.createDocumentFragment();
  whole.append(text, " ", note);
  return whole;
}

/** Return what a term is called in a picture, where only text can be. */
export function called(term: Term, settings: Settings, names: Names): string {
  if (term.type === "literal") return term.value;
  if (term.type === "blank") return `_:${term.value}`;
  return names.get(term.value)?.text ?? short(term.value, settings.prefixes);
}

const RIGHT_TO_LEFT = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** Return the direction of a text by its first letter (Unicode Standard Annex 9, rule P2). */
export function directionOf(text: string): "rtl" | "ltr" {
  return RIGHT_TO_LEFT.test(text) ? "rtl" : "ltr";
}
