// A dataset as what answers queries where a page is opened as a file. Browsers start no worker there
// and fetch nothing: program and dump come as scripts, and queries are evaluated in the page itself.

import { MAX_MEGABYTES, type Reply } from "../endpoint";
import type { Load } from "../scripts";
import { lines, unpacked } from "./dump";
import type { State, Whole } from "./endpoint";
import type { Refusing } from "./refusing";
import { prologue } from "./sparql";
import { Dataset, isFatal, type Text } from "./store";

const PROGRAM = "oxigraph";
const PAINTED = 50; // milliseconds in which the browser shows that something goes on

/** `parts` is how many scripts have the dump. */
export interface Offline {
  readonly parts: number;
  readonly base: string;
}

export class OfflineEndpoint implements Whole {
  readonly #offline: Offline;
  readonly #load: Load;
  readonly #refusing: Refusing;
  readonly #tell: (state: State) => void;
  #opened: Promise<Dataset>;

  /** Begin to load; `tell` is called with each step. */
  constructor(
    offline: Offline,
    load: Load,
    refusing: Refusing,
    tell: (state: State) => void,
  ) {
    this.#offline = offline;
    this.#load = load;
    this.#refusing = refusing;
    this.#tell = tell;
    this.#opened = this.#begun();
  }

  async ask(query: string, signal: AbortSignal): Promise<Reply> {
    const { text, mediaType } = await this.whole(query, "", signal);
    const isCut = text.length > MAX_MEGABYTES * 1e6;
    return { mediaType, text: isCut ? "" : text, isCut };
  }

  async whole(query: string, form: string, signal: AbortSignal): Promise<Text> {
    this.#refusing.check(query);
    const dataset = await this.#opened.catch(() => {
      throw this.#refusing.of("broken");
    });
    await new Promise((resolve) => setTimeout(resolve, PAINTED));
    signal.throwIfAborted();
    const declared = prologue(query, this.#refusing.prefixes);
    try {
      return dataset.answer(query, declared, form);
    } catch (error) {
      if (isFatal(error)) {
        this.#opened = this.#begun();
        throw this.#refusing.of("memory");
      }
      const message = error instanceof Error ? error.message : String(error);
      throw this.#refusing.told(message, query, declared);
    }
  }

  #begun(): Promise<Dataset> {
    this.#tell({ is: "loading", bytes: 0, whole: 0 });
    const opened = this.#program().then((program) =>
      Dataset.opened(program, lines(unpacked(this.#dump())), this.#offline.base),
    );
    opened.then(
      () => this.#tell({ is: "offline" }),
      () => this.#tell({ is: "broken" }),
    );
    return opened;
  }

  async #program(): Promise<Uint8Array<ArrayBuffer>> {
    const packed = await this.#load(PROGRAM);
    const chunks: BlobPart[] = [];
    for await (const chunk of unpacked(once(bytes(String(packed))))) {
      chunks.push(new Uint8Array(chunk));
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  }

  async *#dump(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { parts } = this.#offline;
    for (let part = 0; part < parts; part += 1) {
      yield bytes(String(await this.#load(`dataset-${part}`)));
      this.#tell({ is: "loading", bytes: part + 1, whole: parts });
    }
  }
}

async function* once<Value>(value: Value): AsyncGenerator<Value> {
  yield value;
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
