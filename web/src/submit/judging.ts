// What is told of the facts as they stand: a line of state, underlined places, a list of problems.

import type { Diagnostic } from "@codemirror/lint";
import type { Verdict } from "./checking";
import type { Facts } from "./facts";
import { listed, reported } from "./problems";
import type { Problem, Report } from "./server";
import { found, type Say } from "./settings";

const OUTCOMES = [
  ["new", "new-fact"],
  ["known", "known-fact"],
  ["refines", "refining-fact"],
  ["contradicts", "contradicting-fact"],
] as const;

export interface JudgingWishes {
  readonly say: Say;
  readonly language: string;
  readonly facts: Facts;
  /** What can be told without the server. */
  readonly local: () => readonly Diagnostic[];
  readonly goTo: (offset: number) => void;
}

export class Judging {
  readonly #state = found("submit-state", HTMLElement);
  readonly #problems = found("submit-problems", HTMLElement);

  constructor(private readonly wishes: JudgingWishes) {}

  tell(verdict: Verdict): void {
    if (verdict.kind === "report") {
      // Of what has changed meanwhile another report is on its way.
      if (verdict.content.facts === this.wishes.facts.text()) this.report(verdict.report);
      return;
    }
    this.#state.textContent = this.#words(verdict);
    if (verdict.kind !== "checking") this.#underline(this.wishes.local(), []);
  }

  report(report: Report): void {
    const { say, facts } = this.wishes;
    const { counts, outcomes = {}, problems } = report;
    const [errors, warnings] = [counts["error"] ?? 0, counts["warning"] ?? 0];
    const sums = OUTCOMES.flatMap(([name, key]) => {
      const number = outcomes[name] ?? 0;
      return number === 0 ? [] : [say(key, { number })];
    });
    const first = errors + warnings === 0 ? say("fine") : say("wrong", { errors, warnings });
    this.#state.textContent = [first, ...sums].join(" · ");
    this.#underline(reported(report, facts.text()), problems);
  }

  /** Show nothing but a line of state. */
  clear(text: string): void {
    this.#state.textContent = text;
    this.#underline([], []);
  }

  #words(verdict: Exclude<Verdict, { kind: "report" }>): string {
    const { say } = this.wishes;
    switch (verdict.kind) {
      case "checking":
        return say("checking");
      case "offline":
        return say("waiting");
      case "busy":
        return say("busy", { seconds: verdict.seconds });
      case "failed":
        return say("failed", { why: verdict.why });
    }
  }

  #underline(diagnostics: readonly Diagnostic[], problems: readonly Problem[]): void {
    const { facts, language, say, goTo } = this.wishes;
    facts.underline(diagnostics);
    listed(this.#problems, problems, diagnostics, facts.text(), language, say, goTo);
  }
}
