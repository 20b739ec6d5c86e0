// Texts in a query or a submission keep to themselves: Arabic does not turn what stands around it.

import { syntaxTree } from "@codemirror/language";
import { Prec, RangeSetBuilder, type Extension } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const ISOLATE = Decoration.mark({ class: "cm-isolated", bidiIsolate: null, inclusive: true });

function isolates(view: EditorView, names: readonly string[]): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: ({ name, from: start, to: end }) => {
        if (!names.includes(name)) return;
        // A mark does not reach over lines.
        let at = Math.max(start, view.state.doc.lineAt(from).from);
        while (at < Math.min(end, to)) {
          const line = view.state.doc.lineAt(at);
          const stop = Math.min(end, line.to);
          const text = view.state.sliceDoc(at, stop);
          const indent = text.length - text.trimStart().length;
          if (RIGHT_TO_LEFT.test(text)) marks.add(at + indent, stop, ISOLATE);
          at = line.to + 1;
        }
      },
    });
  }
  return marks.finish();
}

class Isolates {
  marks: DecorationSet;

  constructor(
    view: EditorView,
    readonly names: readonly string[],
  ) {
    this.marks = isolates(view, names);
  }

  update(update: ViewUpdate): void {
    const isParsed = syntaxTree(update.state) !== syntaxTree(update.startState);
    if (update.docChanged || update.viewportChanged || isParsed) {
      this.marks = isolates(update.view, this.names);
    }
  }
}

/** Return what isolates texts from right to left in syntax nodes of these names. */
export function isolating(...names: readonly string[]): Extension {
  return ViewPlugin.define((view) => new Isolates(view, names), {
    provide: (plugin) => {
      const read = (view: EditorView) => view.plugin(plugin)?.marks ?? Decoration.none;
      return [
        Prec.lowest(EditorView.decorations.of(read)),
        EditorView.bidiIsolatedRanges.of(read),
      ];
    },
  });
}
