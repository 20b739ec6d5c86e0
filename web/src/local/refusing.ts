// Why a query is not answered here, in the words of the page.

import { Refused } from "../endpoint";
import type { Say } from "../settings";
import { refused, syntaxFault, type Fault } from "./sparql";

export class Refusing {
  readonly #say: Say;

  constructor(
    say: Say,
    readonly prefixes: Readonly<Record<string, string>>,
  ) {
    this.#say = say;
  }

  /** Throw Refused for a query that is not evaluated here, whatever its data are. */
  check(query: string): void {
    const fault = refused(query);
    if (fault !== null) throw this.#of(fault);
  }

  /** Return what is told of something that is no fault of the query's text. */
  of(key: string, values: Readonly<Record<string, string | number>> = {}): Refused {
    return new Refused(this.#say(`local-${key}`, values));
  }

  /** Return what is told of Oxigraph's message on a query behind declarations of prefixes. */
  told(message: string, query: string, declared: string): Refused {
    const fault = syntaxFault(message, query, declared, this.prefixes);
    return fault === null ? new Refused(message) : this.#of(fault);
  }

  #of({ key, line, column, prefix }: Fault): Refused {
    const known = Object.keys(this.prefixes).sort().join(", ");
    const said = this.#say(key === "syntax" ? key : `local-${key}`, { prefix, known });
    return new Refused(said, { line, column });
  }
}
