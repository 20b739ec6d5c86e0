// The editor: CodeMirror in a shadow tree.
//
// There its style sheets are adopted by the tree itself. In a document it would add <style>
// elements, which the page's Content-Security-Policy forbids.

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { linter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { isolating } from "./bidi";
import { completing } from "./completion";
import { colours, language } from "./look";
import type { Say, Settings } from "./settings";
import { theme } from "./theme";
import { typingOver } from "./typing";
import { closedPrefixes, type Entry } from "./vocabulary";

export interface Editor {
  text(): string;
  replace(text: string): void;
  /** Show what is wrong at a line and a column (code points), both from 1. */
  mark(line: number, column: number, message: string): void;
  goTo(line: number, column: number): void;
  focus(): void;
}

export interface Wishes {
  readonly text: string;
  readonly settings: Settings;
  readonly say: Say;
  readonly terms: Promise<readonly Entry[]>;
  readonly changed: (text: string) => void;
  readonly run: () => void;
}

/** Put an editor into an element. */
export function editor(place: HTMLElement, wishes: Wishes): Editor {
  let entries: readonly Entry[] = [];
  let refused: readonly Diagnostic[] = []; // what the server said of the text as it stands
  const { settings, say } = wishes;
  const root = place.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: wishes.text,
      extensions: [
        language,
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        EditorView.lineWrapping,
        isolating("String", "Comment", "IriRef"),
        typingOver(),
        autocompletion({
          override: [completing(settings, () => entries)],
          addToOptions: [],
          icons: false,
        }),
        linter(({ state }) => (refused.length > 0 ? refused : faults(state, entries, say))),
        EditorView.contentAttributes.of({
          "aria-label": say("text"),
          "aria-multiline": "true",
          spellcheck: "false",
          dir: "ltr",
        }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          refused = [];
          wishes.changed(update.state.doc.toString());
        }),
        keymap.of([
          {
            key: "Mod-Enter",
            run: () => {
              wishes.run();
              return true;
            },
          },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...lintKeymap,
        ]),
        syntaxHighlighting(colours),
        theme,
      ],
    }),
  });
  void wishes.terms.then((found) => {
    entries = found;
  });
  const at = (line: number, column: number) => position(view.state, line, column);
  return {
    text: () => view.state.doc.toString(),
    replace: (text) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    mark: (line, column, message) => {
      const { from, to } = range(view.state, at(line, column));
      refused = [{ from, to, severity: "error", message }];
      view.dispatch(setDiagnostics(view.state, refused));
    },
    goTo: (line, column) => {
      view.dispatch({ selection: { anchor: at(line, column) }, scrollIntoView: true });
      view.focus();
    },
    focus: () => view.focus(),
  };
}

/** Return the character at a place; at the end of a line, the last one. */
function range(state: EditorState, place: number): { from: number; to: number } {
  const line = state.doc.lineAt(place);
  return place < line.to
    ? { from: place, to: place + 1 }
    : { from: Math.max(place - 1, line.from), to: place };
}

function position(state: EditorState, line: number, column: number): number {
  const found = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const before = Array.from(found.text).slice(0, Math.max(column - 1, 0)).join("");
  return found.from + before.length;
}

/** Return what can be told without the server: where the grammar ends, terms that are none. */
function faults(state: EditorState, entries: readonly Entry[], say: Say): Diagnostic[] {
  const known = new Set(entries.map((entry) => entry.name));
  const closed = closedPrefixes(entries);
  const found: Diagnostic[] = [];
  let isBroken = false;
  syntaxTree(state).iterate({
    enter: (node) => {
      if (node.type.isError && !isBroken) {
        isBroken = true; // what follows the first is mostly its consequence
        found.push({ ...range(state, node.from), severity: "warning", message: say("syntax") });
      }
      if (node.name !== "PrefixedName") return;
      const term = state.sliceDoc(node.from, node.to);
      const [prefix = "", local = ""] = term.split(":");
      if (closed.has(prefix) && local !== "" && !known.has(term)) {
        const message = say("unknown-term", { term });
        found.push({ from: node.from, to: node.to, severity: "warning", message });
      }
    },
  });
  return found;
}
