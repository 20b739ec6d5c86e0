// The answer, and the ways to look at it.

import type { Answer } from "./answer";
import { edges } from "./edges";
import { graph } from "./graph";
import type { Say, Settings } from "./settings";
import { element, type Names } from "./shown";
import { table } from "./table";
import { timeline, when } from "./timeline";
import type { View } from "./view";

const VIEWS: Readonly<Record<string, View>> = {
  table,
  timeline,
  graph,
  source: ({ source }) => element("pre", { dir: "ltr", tabindex: "0" }, source),
};

/** Where answers are shown; a way to look stays chosen as long as it shows something. */
export class Results {
  readonly #place: HTMLElement;
  readonly #settings: Settings;
  readonly #say: Say;
  #chosen = "table";

  constructor(place: HTMLElement, settings: Settings, say: Say) {
    this.#place = place;
    this.#settings = settings;
    this.#say = say;
  }

  /** Say that something goes on, or what came of it. */
  tell(text: string): void {
    this.#place.replaceChildren(element("p", { role: "status" }, text));
  }

  /** Show why there is no answer; `goTo` leads to the place in the query, if it has one. */
  refuse(message: string, goTo: HTMLElement | null): void {
    const heading = element("h2", {}, this.#say("failed"));
    const text = element("pre", { dir: "auto" }, message);
    const alert = element("div", { role: "alert", class: "query-problem" }, heading, text);
    if (goTo !== null) alert.append(goTo);
    this.#place.replaceChildren(alert);
  }

  /** Show an answer that took `seconds`. */
  show(answer: Answer, source: string, names: Names, seconds: number): void {
    const values = { count: answer.rows.length, seconds: seconds.toFixed(2) };
    if (answer.form === "truth") {
      this.tell(this.#say(answer.truth ? "yes" : "no"));
      return;
    }
    const count = this.#say(answer.form === "rows" ? "rows" : "triples", values);
    const status = element("p", { role: "status" }, count);
    if (answer.rows.length === 0) status.append(" ", this.#say("empty"));
    const panel = element("div", { role: "tabpanel", id: "query-panel", tabindex: "-1" });
    const fitting: Readonly<Record<string, boolean>> = {
      table: true,
      timeline: when(answer) !== null,
      graph: edges(answer) !== null,
      source: true,
    };
    const draw = (name: string) => {
      const view = VIEWS[name] ?? table;
      const shown = { answer, source, settings: this.#settings, names, say: this.#say };
      panel.replaceChildren(view(shown));
    };
    const tabs = this.#tabs(fitting, (name) => {
      this.#chosen = name;
      draw(name);
    });
    this.#place.replaceChildren(status, tabs, panel);
    draw(fitting[this.#chosen] ? this.#chosen : "table");
  }

  #tabs(fitting: Readonly<Record<string, boolean>>, choose: (name: string) => void): HTMLElement {
    const first = fitting[this.#chosen] ? this.#chosen : "table";
    const buttons = Object.keys(VIEWS).map((name) => {
      const isFirst = name === first;
      const button = element("button", {
        type: "button",
        role: "tab",
        "aria-controls": "query-panel",
        "aria-selected": String(isFirst),
        tabindex: isFirst ? "0" : "-1",
        ...(fitting[name] ? {} : { class: "unfit" }),
      });
      button.textContent = this.#say(name);
      button.addEventListener("click", () => {
        for (const each of buttons) {
          each.setAttribute("aria-selected", String(each === button));
          each.tabIndex = each === button ? 0 : -1;
        }
        choose(name);
      });
      return button;
    });
    const list = element("div", { role: "tablist", "aria-label": this.#say("answer") }, ...buttons);
    list.addEventListener("keydown", (event) => move(event, buttons));
    return list;
  }
}

/** Move between tabs by the arrows, as the ARIA Authoring Practices have it. */
function move(event: KeyboardEvent, buttons: readonly HTMLElement[]): void {
  const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
  const step = event.key === forward ? 1 : event.key === back ? -1 : 0;
  const from = buttons.findIndex((each) => each === event.target);
  if (step === 0 || from < 0) return;
  event.preventDefault();
  const next = buttons[(from + step + buttons.length) % buttons.length];
  next?.focus();
  next?.click();
}
