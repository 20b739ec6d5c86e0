// A dump as it is fetched: unpacked if it is packed, in pieces that end where a line does.

const MAGIC = [0x1f, 0x8b]; // of gzip (RFC 1952, section 2.3.1)
const LINE_END = 0x0a;
const PIECE = 1 << 20; // bytes that are loaded together, about

/** How much of a dump has been fetched, in bytes as they are sent; `whole` is 0 if it is not told. */
export type Told = (fetched: number, whole: number) => void;

/** The dump cannot be had. */
export class Missing extends Error {}

/** Where a dump is: packed, and as it is for browsers that cannot unpack. */
export interface Dump {
  readonly packed: string;
  readonly plain: string;
}

/** Yield the lines of a dump in pieces. Throws Missing. */
export async function* fetched(dump: Dump, tell: Told): AsyncGenerator<Uint8Array> {
  const address = typeof DecompressionStream === "undefined" ? dump.plain : dump.packed;
  const response = await fetch(address, { credentials: "omit" }).catch((error: unknown) => {
    throw new Missing(String(error));
  });
  if (!response.ok || response.body === null) throw new Missing(`HTTP ${response.status}`);
  const whole = Number(response.headers.get("content-length") ?? 0);
  try {
    yield* lines(unpacked(counted(response.body, (bytes) => tell(bytes, whole))));
  } catch (error) {
    throw new Missing(String(error));
  }
}

async function* counted(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  for await (const chunk of chunks(body)) {
    bytes += chunk.length;
    tell(bytes);
    yield chunk;
  }
}

async function* chunks<Chunk>(stream: ReadableStream<Chunk>): AsyncGenerator<Chunk> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Yield what chunks hold: hosts that name gzip as the coding of a packed file have it unpacked. */
export async function* unpacked(
  source: AsyncGenerator<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array> {
  let first = await source.next();
  while (!first.done && first.value.length < MAGIC.length) {
    const next = await source.next();
    if (next.done) break;
    first = { done: false, value: joined([first.value, next.value]) };
  }
  if (first.done) return;
  const begun = first.value;
  const isPacked = MAGIC.every((byte, at) => begun[at] === byte);
  if (!isPacked) {
    yield begun;
    yield* source;
    return;
  }
  let begins = true;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const next = begins ? { done: false as const, value: begun } : await source.next();
      begins = false;
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
  yield* chunks(packed.pipeThrough(new DecompressionStream("gzip")));
}

/** Yield the same bytes in larger pieces, each of whole lines. */
export async function* lines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    const end = chunk.lastIndexOf(LINE_END) + 1;
    if (end === 0 || size + end < PIECE) {
      kept.push(chunk);
      size += chunk.length;
      continue;
    }
    yield joined([...kept, chunk.subarray(0, end)]);
    kept = [chunk.subarray(end)];
    size = chunk.length - end;
  }
  if (size > 0) yield joined(kept);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    made.set(chunk, at);
    at += chunk.length;
  }
  return made;
}
