// The facts as they are written, in YAML: completed, explained, and underlined where they are wrong.

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  HighlightStyle,
  indentService,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { isolating } from "../bidi";
import { theme } from "../theme";
import { typingOver } from "../typing";
import { completing, explaining, type Known } from "./completing";
import type { Change } from "./inserting";
import type { Say } from "./settings";

export interface Facts {
  text(): string;
  caret(): number;
  /** Put another text in the place of all that stands there. */
  show(text: string): void;
  apply(change: Change): void;
  /** Change a part, with the caret left alone. */
  replace(change: Change): void;
  underline(diagnostics: readonly Diagnostic[]): void;
  goTo(offset: number): void;
  focus(): void;
}

export interface FactsWishes {
  readonly say: Say;
  readonly language: string;
  readonly known: Known;
  readonly changed: () => void;
  readonly moved: () => void;
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--query-iri)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--query-string)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--query-comment)" },
  { tag: tags.keyword, color: "var(--query-keyword)" },
]);

const look = EditorView.theme({
  ".cm-scroller": { height: "min(60vh, 34rem)", minHeight: "0", maxHeight: "none" },
  ".cm-explanation": {
    fontFamily: 'system-ui, "Noto Naskh Arabic", "Noto Sans Arabic", sans-serif',
    maxWidth: "24rem",
    padding: "0.5rem 0.75rem",
  },
  ".cm-explanation p": { margin: "0.25rem 0 0" },
  ".cm-lineNumbers": { fontSize: "0.8em" },
});

/** Return the column in which the line after `line` begins: what an item holds is below its first key. */
function indented(line: string): number {
  const [whole = "", rest = ""] = /^ *(?:- +)*(.*)$/.exec(line) ?? [];
  const column = whole.length - rest.length;
  return /(?::|[|>][+-]?)\s*$/.test(rest) ? column + 2 : column;
}

/** Put the editor into an element. */
export function facts(place: HTMLElement, wishes: FactsWishes): Facts {
  const { say, language, known, changed, moved } = wishes;
  const root = place.attachShadow({ mode: "open" });
  const state = (doc: string) =>
    EditorState.create({
      doc,
      extensions: [
        yaml(),
        indentUnit.of("  "),
        indentService.of((context, at) => indented(context.lineAt(at, -1).text)),
        EditorState.tabSize.of(2),
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        EditorView.lineWrapping,
        EditorView.perLineTextDirection.of(true),
        isolating("Literal", "QuotedLiteral", "BlockLiteralContent", "Comment"),
        typingOver(),
        autocompletion({ override: [completing(known, language)], icons: false }),
        explaining(known.schema, language),
        EditorView.contentAttributes.of({
          "aria-label": say("facts"),
          "aria-multiline": "true",
          spellcheck: "false",
          autocapitalize: "none",
          dir: "ltr",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed();
          else if (update.selectionSet) moved();
        }),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...lintKeymap,
        ]),
        syntaxHighlighting(colours),
        look,
        theme,
      ],
    });
  const view = new EditorView({ root, parent: root, state: state("") });
  return {
    text: () => view.state.sliceDoc(),
    caret: () => view.state.selection.main.head,
    show: (text) => view.setState(state(text)),
    apply: ({ from, to, insert, end }) => {
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: end },
        effects: EditorView.scrollIntoView(end, { y: "nearest", yMargin: 60 }),
        userEvent: "input",
      });
    },
    replace: ({ from, to, insert }) => view.dispatch({ changes: { from, to, insert } }),
    underline: (diagnostics) => view.dispatch(setDiagnostics(view.state, diagnostics)),
    goTo: (offset) => {
      const anchor = Math.min(offset, view.state.doc.length);
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: "center" }),
      });
      view.focus();
    },
    focus: () => view.focus(),
  };
}
