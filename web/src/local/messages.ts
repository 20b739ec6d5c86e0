// What page and worker say to each other.

import type { Dump } from "./dump";
import type { Text } from "./store";

/** To the worker: what to load, once; then queries. */
export type Request =
  | { readonly to: "open"; readonly wasm: string; readonly dump: Dump; readonly base: string }
  | {
      readonly to: "answer";
      readonly number: number;
      readonly query: string;
      readonly declared: string;
      readonly form: string;
      readonly most: number;
    };

/** From the worker. `most` is the size of an answer, in characters, beyond which it is cut. */
export type Response =
  | { readonly of: "fetched"; readonly bytes: number; readonly whole: number }
  | { readonly of: "opened" }
  | { readonly of: "unopened"; readonly isMissing: boolean }
  | { readonly of: "answer"; readonly number: number; readonly answer: Text; readonly isCut: boolean }
  | {
      readonly of: "failure";
      readonly number: number;
      readonly message: string;
      readonly isFatal: boolean;
    };
