// The page on which facts are written: the article on one side, its facts on the other.

import { address } from "./addressing";
import { articleText, type ArticleText } from "./article";
import { Checking } from "./checking";
import { Drafts, NEW, type Draft } from "./drafts";
import { facts, type Facts } from "./facts";
import { forms } from "./forms";
import { chosen, marks, type Chosen } from "./grounding";
import { addStatement, metadata, named, type Change } from "./inserting";
import { Judging } from "./judging";
import { Metadata } from "./metadata";
import { picking, titled } from "./picking";
import { local } from "./problems";
import { Schema, type Json } from "./schema";
import { Sending } from "./sending";
import { Server, type Article, type Content } from "./server";
import { found, sayingOf, settings as told } from "./settings";
import { sides } from "./sides";
import { read, type Written } from "./written";

const PAUSE_MS = 150;

/** The article that is worked on; `article` is null for one that is not published yet. */
interface Work {
  readonly slug: string;
  readonly article: Article | null;
  readonly title: string;
}

export class Page {
  readonly #settings = told();
  readonly #say = sayingOf(this.#settings);
  readonly #server = new Server(this.#settings);
  readonly #drafts = new Drafts();
  readonly #notice = found("submit-notice", HTMLElement);
  readonly #metadata: Metadata;
  readonly #article: ArticleText;
  readonly #facts: Facts;
  readonly #judging: Judging;
  readonly #checking: Checking;
  readonly #sending: Sending;
  readonly #pick: () => void;
  readonly #offer: (written: Written) => void;
  readonly #side = sides();
  #schema: Schema | null = null;
  #work: Work | null = null;
  #written: Written = read("");
  #timer = 0;
  #isSent = false;
  /** Whether anything was written since the draft was last kept, or discarded. */
  #isChanged = false;

  constructor() {
    const { language, isSignedIn } = this.#settings;
    this.#article = articleText(found("submit-text", HTMLElement), {
      say: this.#say,
      changed: () => this.#changed(),
      start: () => this.#start(),
    });
    this.#facts = facts(found("submit-yaml", HTMLElement), {
      say: this.#say,
      language,
      known: { schema: () => this.#schema, written: () => this.#written },
      changed: () => this.#changed(),
      moved: () => this.#mark(true),
    });
    this.#metadata = new Metadata({
      changed: () => this.#changed(),
      renamed: (slug) => this.#facts.replace(named(this.#facts.text(), slug)),
      spoken: (tag) => this.#article.speak(tag),
    });
    this.#judging = new Judging({
      say: this.#say,
      language,
      facts: this.#facts,
      local: () => local(this.#written, this.#article.text(), this.#schema, this.#say),
      goTo: (offset) => {
        this.#side("facts");
        this.#facts.goTo(offset);
      },
    });
    this.#checking = new Checking(
      this.#server,
      () => this.#content(),
      (verdict) => this.#judging.tell(verdict),
    );
    const outcome = found("submit-outcome", HTMLElement);
    const token = document.getElementById("submit-token");
    const field = token instanceof HTMLInputElement ? token : null;
    this.#sending = new Sending(this.#server, outcome, field, {
      say: this.#say,
      isSignedIn,
      content: () => this.#content(),
      waits: (isWaiting) => {
        this.#isSent = isWaiting;
        this.#keep();
      },
      received: (content) => this.#received(content),
      refused: (report) => this.#judging.report(report),
    });
    this.#pick = picking(this.#server, this.#drafts, {
      say: this.#say,
      language,
      choose: (slug) => void this.#open(slug),
    });
    this.#offer = forms({
      say: this.#say,
      text: () => this.#facts.text(),
      words: () => this.#selected(),
      apply: (change) => this.#apply(change),
      notice: (text) => this.#tell(text),
    });
  }

  /** Make the page work, with the article that its address names. */
  async begin(): Promise<void> {
    found("submit-plain", HTMLElement).hidden = true;
    found("submit-app", HTMLElement).hidden = false;
    this.#listen();
    void this.#server.schema().then(
      (schema) => {
        this.#schema = new Schema(schema as Json);
      },
      () => undefined, // without it nothing is completed, and all else works
    );
    const slug = new URLSearchParams(location.search).get("article");
    if (slug !== null) await this.#open(slug);
    else this.#choose();
    if (!navigator.onLine) this.#tell(this.#say("offline"));
  }

  #listen(): void {
    this.#on("submit-other", () => this.#choose());
    this.#on("submit-start", () => this.#start());
    this.#on("submit-discard", () => this.#discard());
    found("submit-send", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#sending.send();
    });
    window.addEventListener("pagehide", () => this.#keep());
    document.addEventListener("visibilitychange", () => this.#keep());
    window.addEventListener("offline", () => {
      this.#tell(this.#say("offline"));
      this.#judging.tell({ kind: "offline" });
    });
    window.addEventListener("online", () => {
      this.#tell(this.#say("online"));
      this.#checking.soon(0);
      if (this.#isSent) void this.#sending.send();
    });
    this.#drafts.watch((slug) => {
      if (slug === this.#work?.slug) this.#tell(this.#say("elsewhere"));
    });
  }

  #on(id: string, act: () => void): void {
    found(id, HTMLButtonElement).addEventListener("click", act);
  }

  #choose(): void {
    this.#close();
    address(this.#settings.language, null);
    found("submit-work", HTMLElement).hidden = true;
    found("submit-pick", HTMLElement).hidden = false;
    this.#pick();
    found("submit-q", HTMLInputElement).focus({ preventScroll: true });
  }

  /** Leave an article; what was written about it is kept. */
  #close(): void {
    this.#keep();
    this.#checking.stop();
    this.#sending.forget(null);
    this.#work = null;
  }

  async #open(slug: string): Promise<void> {
    this.#close();
    const draft = this.#drafts.get(slug);
    let article: Article | null = null;
    if (slug !== NEW) {
      try {
        article = await this.#server.article(slug);
      } catch (error) {
        const why = error instanceof Error ? error.message : "";
        this.#choose();
        this.#tell(this.#say("not-read", { slug, why }));
        return;
      }
    }
    address(this.#settings.language, slug);
    found("submit-pick", HTMLElement).hidden = true;
    found("submit-work", HTMLElement).hidden = false;
    this.#show({ slug, article, title: this.#title(article, draft) }, draft);
  }

  #show(work: Work, draft: Draft | null): void {
    const { article } = work;
    const checksum = article?.checksum ?? "";
    this.#metadata.show(article === null ? (draft?.fields ?? {}) : null);
    const language = article === null ? this.#metadata.language : (article.language ?? "");
    this.#article.show(article?.text ?? draft?.text ?? "", language, article === null);
    this.#facts.show(draft?.facts ?? (article === null ? "" : `article: ${article.slug}\n`));
    const about = found("submit-about", HTMLElement);
    const name = article === null ? work.title : titled(article, this.#settings.language);
    about.replaceChildren(name);
    this.#work = work;
    this.#isSent = draft?.isSent ?? false;
    this.#sending.forget(draft?.before ?? null);
    this.#isChanged = false;
    const isOther = draft !== null && article !== null && draft.checksum !== checksum;
    this.#tell(isOther ? this.#say("changed") : "");
    this.#look();
    this.#checking.soon(0);
    if (article === null && draft === null) this.#metadata.focus();
    if (this.#isSent) void this.#sending.send();
  }

  #title(article: Article | null, draft: Draft | null): string {
    if (article !== null) return titled(article, this.#settings.language).textContent ?? "";
    return draft?.title || this.#say("new");
  }

  #changed(): void {
    if (this.#work === null) return;
    this.#isChanged = true;
    // What is half written is not what somebody wanted to be sent.
    if (this.#isSent && this.#sending.cancel()) this.#isSent = false;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#keep();
      this.#look();
    }, PAUSE_MS);
    if (navigator.onLine) this.#checking.soon();
  }

  /** Read what is written, and show what follows from that at once. */
  #look(): void {
    this.#written = read(this.#facts.text());
    this.#offer(this.#written);
    this.#mark(false);
    if (!navigator.onLine) this.#judging.tell({ kind: "offline" });
  }

  /** Mark in the article what statements quote; the words of the one at the caret come into view. */
  #mark(isMoved: boolean): void {
    if (this.#work === null) return;
    const { marked, current } = marks(this.#written, this.#article.text(), this.#facts.caret());
    this.#article.mark(marked);
    if (isMoved && current !== null) this.#article.reveal(current);
  }

  /** Return what is to be checked and sent; null where there is nothing yet. */
  #content(): Content | null {
    if (this.#work === null) return null;
    const { slug, article } = this.#work;
    const text = this.#facts.text();
    if (article !== null) return { slug, facts: text, article: null };
    const fields = this.#metadata.fields();
    if (this.#article.text().trim() === "") {
      this.#judging.clear(this.#say("no-text"));
      return null;
    }
    const known = { text: this.#article.text(), metadata: metadata(fields) };
    return { slug: fields["slug"] ?? "", facts: text, article: known };
  }

  #selected(): Chosen | null {
    return chosen(this.#article.text(), this.#article.selected());
  }

  #start(): void {
    const selected = this.#selected();
    if (selected === null) {
      this.#tell(this.#say("select-first"));
      return;
    }
    const { words, occurrence } = selected;
    const which = occurrence === null ? {} : { occurrence: String(occurrence) };
    const change = addStatement(this.#facts.text(), { words, ...which });
    if (typeof change === "string") {
      this.#tell(this.#say(change, { slug: "" }));
      return;
    }
    this.#apply(change);
    this.#side("facts");
    this.#facts.focus();
    this.#tell(this.#say("started"));
  }

  #apply(change: Change): void {
    this.#facts.apply(change);
    this.#look();
  }

  #keep(): void {
    if (this.#work === null || (!this.#isChanged && !this.#isSent)) return;
    const { slug, article, title } = this.#work;
    const fields = this.#metadata.fields();
    const isKept = this.#drafts.keep(slug, {
      facts: this.#facts.text(),
      text: article === null ? this.#article.text() : "",
      fields: article === null ? fields : {},
      title: article === null ? (fields["title"] ?? "") : title,
      checksum: article?.checksum ?? "",
      isSent: this.#isSent,
      before: this.#sending.before,
      at: Date.now(),
    });
    if (isKept) this.#isChanged = false;
    else this.#tell(this.#say("not-kept"));
  }

  /** What was received is with the server, and needs not be kept here; what came after it does. */
  #received({ facts, article }: Content): void {
    const now = this.#content();
    if (now?.facts === facts && now.article?.text === article?.text) this.#forget();
    else this.#isSent = false;
  }

  #forget(): void {
    window.clearTimeout(this.#timer);
    this.#isSent = false;
    this.#isChanged = false;
    if (this.#work !== null) this.#drafts.discard(this.#work.slug);
    this.#tell("");
  }

  #discard(): void {
    const button = found("submit-discard", HTMLButtonElement);
    if (button.dataset["asked"] === undefined) {
      button.dataset["asked"] = "";
      this.#tell(this.#say("discard"));
      window.setTimeout(() => delete button.dataset["asked"], 8_000);
      return;
    }
    delete button.dataset["asked"];
    this.#forget();
    this.#work = null;
    this.#choose();
    this.#tell(this.#say("discarded"));
  }

  #tell(text: string): void {
    this.#notice.textContent = text;
  }
}
