// The article beside its facts: each line in its own direction, with the words of statements marked.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  keymap,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import { theme } from "../theme";
import { typingOver } from "../typing";
import type { Marked, Span } from "./grounding";
import type { Say } from "./settings";

export interface ArticleText {
  text(): string;
  /** Show a text; one that is published stays as it is, whatever is typed. */
  show(text: string, language: string, isOpen: boolean): void;
  speak(language: string): void;
  mark(spans: readonly Marked[]): void;
  reveal(span: Span): void;
  selected(): Span;
  focus(): void;
}

export interface ArticleWishes {
  readonly say: Say;
  readonly changed: () => void;
  /** Begin a statement with the selected words. */
  readonly start: () => void;
}

const setMarks = StateEffect.define<readonly Marked[]>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let shown = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) shown = decorated(effect.value, transaction.state.doc.length);
    }
    return shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorated(spans: readonly Marked[], length: number): DecorationSet {
  const ranges = spans
    .filter(({ from, to }) => from < to && to <= length)
    .map(({ from, to, isUnsure, isCurrent }) => {
      const names = ["cm-quoted", isUnsure && "cm-unsure", isCurrent && "cm-current"];
      return Decoration.mark({ class: names.filter(Boolean).join(" ") }).range(from, to);
    });
  return Decoration.set(ranges, true);
}

const RIGHT_TO_LEFT = ["ar", "ckb", "fa", "he", "ur"];
const FIRST_LETTER = /\p{L}/u;
const OF_RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const DIRECTIONS = {
  rtl: Decoration.line({ attributes: { dir: "rtl" } }),
  ltr: Decoration.line({ attributes: { dir: "ltr" } }),
};

/**
 * Each line in the direction of its first letter, which the editor then reads of it. One without
 * letters has that of the article: keys would turn round in it.
 */
const directions = ViewPlugin.fromClass(
  class {
    lines: DecorationSet;

    constructor(view: EditorView) {
      this.lines = inView(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.lines = inView(update.view);
    }
  },
  { decorations: ({ lines }) => lines },
);

function inView(view: EditorView): DecorationSet {
  const lines = new RangeSetBuilder<Decoration>();
  let at = view.viewport.from;
  while (at <= view.viewport.to) {
    const line = view.state.doc.lineAt(at);
    const letter = FIRST_LETTER.exec(line.text)?.[0];
    if (letter !== undefined) {
      const direction = OF_RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
      lines.add(line.from, line.from, DIRECTIONS[direction]);
    }
    at = line.to + 1;
  }
  return lines.finish();
}

const look = EditorView.theme({
  ".cm-scroller": {
    fontFamily: 'system-ui, "Noto Naskh Arabic", "Noto Sans Arabic", sans-serif',
    fontSize: "1.05rem",
    lineHeight: "2",
    height: "min(60vh, 34rem)",
    minHeight: "0",
    maxHeight: "none",
  },
  ".cm-line": { textAlign: "start", padding: "0 0.75rem" },
  ".cm-quoted": {
    backgroundColor: "color-mix(in srgb, var(--mark) 62%, transparent)",
    borderBottom: "2px solid var(--accent)",
  },
  ".cm-unsure": { backgroundColor: "transparent", borderBottomStyle: "dashed" },
  ".cm-current": {
    backgroundColor: "var(--mark)",
    color: "var(--mark-ink)",
    outline: "1px solid var(--accent)",
  },
});

/** Put the article into an element. */
export function articleText(place: HTMLElement, { say, changed, start }: ArticleWishes): ArticleText {
  const writable = new Compartment();
  const spoken = new Compartment();
  const root = place.attachShadow({ mode: "open" });
  const attributes = (language: string, isOpen: boolean) =>
    EditorView.contentAttributes.of({
      "aria-label": say("article"),
      "aria-multiline": "true",
      "aria-readonly": String(!isOpen),
      lang: language,
      dir: RIGHT_TO_LEFT.includes(language.split("-")[0] ?? "") ? "rtl" : "ltr",
      spellcheck: "false",
      // A text that cannot be changed needs no keyboard on a screen.
      ...(isOpen ? {} : { inputmode: "none" }),
    });
  let open = false;
  const state = (doc: string, language: string, isOpen: boolean) =>
    EditorState.create({
      doc,
      extensions: [
        // Each character counts: a carriage return of the article stays one.
        EditorState.lineSeparator.of("\n"),
        writable.of(EditorState.readOnly.of(!isOpen)),
        spoken.of(attributes(language, isOpen)),
        EditorView.perLineTextDirection.of(true),
        directions,
        EditorView.lineWrapping,
        EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
        history(),
        drawSelection(),
        marks,
        isOpen ? typingOver() : [],
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed();
        }),
        keymap.of([
          {
            key: "Mod-Enter",
            run: () => {
              start();
              return true;
            },
          },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        look,
        theme,
      ],
    });
  const view = new EditorView({ root, parent: root, state: state("", "", false) });
  return {
    text: () => view.state.sliceDoc(),
    show: (text, language, isOpen) => {
      open = isOpen;
      view.setState(state(text, language, isOpen));
    },
    speak: (language) => {
      view.dispatch({ effects: spoken.reconfigure(attributes(language, open)) });
    },
    mark: (spans) => view.dispatch({ effects: setMarks.of(spans) }),
    reveal: ({ from, to }) => {
      if (to > view.state.doc.length) return;
      view.dispatch({ effects: EditorView.scrollIntoView(from, { y: "nearest", yMargin: 40 }) });
    },
    selected: () => view.state.selection.main,
    focus: () => view.focus(),
  };
}
