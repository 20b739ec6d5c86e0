// What a way to show an answer is.

import type { Answer } from "./answer";
import type { Say, Settings } from "./settings";
import type { Names } from "./shown";

export interface Shown {
  readonly answer: Answer;
  readonly source: string;
  readonly settings: Settings;
  readonly names: Names;
  readonly say: Say;
}

/** Return the answer as elements; where it cannot be shown so, what it would need. */
export type View = (shown: Shown) => Node;
