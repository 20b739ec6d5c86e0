// Typing over what is selected, done here and not by the browser: Chromium gives what it joins a
// style attribute, which the page's policy forbids, and says so in its console.

import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** Return what puts a typed text in the place of the selection. */
export function typingOver(): Extension {
  return EditorView.domEventHandlers({
    beforeinput: (event, view) => {
      const { data, inputType } = event;
      const { main, ranges } = view.state.selection;
      if (inputType !== "insertText" || !data || main.empty || ranges.length > 1) return false;
      event.preventDefault();
      const { from, to } = main;
      const insert = () =>
        view.state.update(view.state.replaceSelection(data), { userEvent: "input.type" });
      const handlers = view.state.facet(EditorView.inputHandler);
      if (!handlers.some((handler) => handler(view, from, to, data, insert))) {
        view.dispatch(insert());
      }
      return true;
    },
  });
}
