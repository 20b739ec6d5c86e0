// How an editor looks: in the colours of the page, which a shadow tree inherits.

import { EditorView } from "@codemirror/view";

const PROSE = 'system-ui, "Noto Naskh Arabic", "Noto Sans Arabic", sans-serif';
// As particular as the rule that it takes the place of.
const FOCUSED_SELECTION =
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground";

export const theme = EditorView.theme({
  "&": {
    color: "var(--query-ink)",
    backgroundColor: "var(--query-paper)",
    border: "1px solid var(--query-line)",
    borderRadius: "4px",
    fontSize: "0.9375rem",
  },
  "&.cm-focused": { outline: "2px solid var(--query-focus)" },
  ".cm-scroller": {
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono", "Noto Sans Arabic", monospace',
    lineHeight: "1.6",
    minHeight: "14rem",
    maxHeight: "60vh",
    overflow: "auto",
  },
  ".cm-content": { caretColor: "var(--query-ink)" },
  ".cm-cursor": { borderLeftColor: "var(--query-ink)" },
  [`${FOCUSED_SELECTION}, .cm-selectionBackground`]: {
    backgroundColor: "var(--query-selected)",
  },
  ".cm-gutters": {
    backgroundColor: "transparent",
    color: "var(--query-comment)",
    borderRight: "1px solid var(--query-line)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--query-selected)" },
  ".cm-isolated": { unicodeBidi: "isolate" },
  ".cm-tooltip": {
    color: "var(--query-ink)",
    backgroundColor: "var(--query-paper)",
    border: "1px solid var(--query-line)",
    borderRadius: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.15rem 0.5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    color: "var(--query-ink)",
    backgroundColor: "var(--query-selected)",
  },
  ".cm-completionDetail": {
    fontFamily: PROSE,
    fontStyle: "normal",
    unicodeBidi: "isolate",
    opacity: "0.8",
  },
  ".cm-completionInfo": {
    fontFamily: PROSE,
    lineHeight: "1.5",
    maxWidth: "24rem",
    padding: "0.5rem 0.75rem",
  },
  ".cm-completionInfo p": { margin: "0.25rem 0 0" },
  ".cm-diagnostic": {
    fontFamily: PROSE,
    whiteSpace: "pre-wrap",
  },
});
