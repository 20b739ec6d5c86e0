// Runs what the browser does of a search in Node: reads a line of JSON from standard input, writes one
// for it, until there are no more. The Python tests compare it with what kgpub does.

import { build } from "esbuild";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = await mkdtemp(join(tmpdir(), "kgpub-web-"));
const outfile = join(folder, "comparing.mjs");
try {
  await build({
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    entryPoints: ["test/comparing.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true });
}
