// Strings in a query keep to themselves: Arabic in quotes does not turn what stands around them.

import { syntaxTree } from "@codemirror/language";
import { Prec, RangeSetBuilder, type Extension } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";

const ISOLATED: readonly string[] = ["String", "Comment", "IriRef"];
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const ISOLATE = Decoration.mark({ class: "cm-isolated", bidiIsolate: null, inclusive: true });

function isolates(view: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: ({ name, from: start, to: end }) => {
        if (!ISOLATED.includes(name)) return;
        // A mark does not reach over lines.
        const line = view.state.doc.lineAt(start);
        const stop = Math.min(end, line.to);
        if (RIGHT_TO_LEFT.test(view.state.sliceDoc(start, stop))) marks.add(start, stop, ISOLATE);
      },
    });
  }
  return marks.finish();
}

class Isolates {
  marks: DecorationSet;

  constructor(view: EditorView) {
    this.marks = isolates(view);
  }

  update(update: ViewUpdate): void {
    const isParsed = syntaxTree(update.state) !== syntaxTree(update.startState);
    if (update.docChanged || update.viewportChanged || isParsed) {
      this.marks = isolates(update.view);
    }
  }
}

/** Return what isolates texts that are written from right to left. */
export function isolating(): Extension {
  return ViewPlugin.fromClass(Isolates, {
    provide: (plugin) => {
      const read = (view: EditorView) => view.plugin(plugin)?.marks ?? Decoration.none;
      return [
        Prec.lowest(EditorView.decorations.of(read)),
        EditorView.bidiIsolatedRanges.of(read),
      ];
    },
  });
}
