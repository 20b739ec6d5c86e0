// Places as kgpub tells them, in lines and code points from 1, and as the editor has them, in UTF-16.

/** Where the lines of a text begin: only line feeds end lines, as the server counts them. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Return the offset of a line and column; of what lies beyond an end, the end. */
export function offsetOf(text: string, starts: readonly number[], line: number, column: number): number {
  const number = Math.min(Math.max(line, 1), starts.length);
  const start = starts[number - 1] ?? 0;
  const end = number < starts.length ? (starts[number] ?? text.length) - 1 : text.length;
  let at = start;
  for (let left = column - 1; left > 0 && at < end; left -= 1) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return Math.min(at, end);
}
