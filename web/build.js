// Bundles what pages run into the Python package, with the licences of what is in it: the editors of
// the service's query page and of the page on which facts are written, and what a site without a
// server runs.

import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = new URL(".", import.meta.url);
const service = new URL("../src/kgpub/service/query_page/assets/", here);
const writing = new URL("../src/kgpub/service/editing/assets/", here);
const site = new URL("../src/kgpub/site/browser/assets/", here);
const LICENCES = "THIRD_PARTY_LICENCES.txt";
const CRATES = new URL("crates.txt", here);
const RULE = "-".repeat(72);

await emptied(service);
await bundled(service, { query: "src/main.ts" }, "esm");
await emptied(writing);
await bundled(writing, { submit: "src/submit/main.ts" }, "esm");
await emptied(site);
// No modules: browsers load none where pages are opened as files.
const scripts = {
  query: "src/site-query.ts",
  search: "src/site-search.ts",
  worker: "src/local/worker.ts",
};
await bundled(site, scripts, "iife");
await copyFile(
  new URL("node_modules/oxigraph/web_bg.wasm", here),
  new URL("oxigraph.wasm", site),
);

async function emptied(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

/** Write bundles, by their names, and the licences of all packages that are in them. */
async function bundled(target, entryPoints, format) {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(here),
    entryPoints,
    outdir: fileURLToPath(target),
    bundle: true,
    format,
    target: ["es2022"],
    minify: true,
    charset: "utf8",
    legalComments: "none",
    // Oxigraph asks for its address only where it is told none for its WebAssembly.
    logOverride: { "empty-import-meta": "silent" },
    metafile: true,
  });
  const names = new Set();
  for (const path of Object.keys(metafile.inputs)) {
    const match = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match) names.add(match[1]);
  }
  const parts = await Promise.all([...names].sort().map(licence));
  // Its package says nothing of what its WebAssembly is compiled from.
  if (names.has("oxigraph")) parts.push(`${RULE}\n${await readFile(CRATES, "utf8")}`);
  const heading = "What these files are made of besides kgpub itself, with its licences.\n";
  await writeFile(new URL(LICENCES, target), [heading, ...parts].join("\n"));
}

/** Return name, version and licence of a package. Throws where it has no text of a licence. */
async function licence(name) {
  const folder = new URL(`node_modules/${name}/`, here);
  const described = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  const text = await readFile(textOf(described, folder, file), "utf8");
  return `${RULE}\n${name} ${described.version} (${described.license})\n\n${text}`;
}

function textOf({ name, license }, folder, file) {
  if (file !== undefined) return new URL(file, folder);
  // Under this licence kgpub uses what may be used under it; its text is that of kgpub's own.
  if (license.split(" OR ").includes("Apache-2.0")) return new URL("../LICENSE", here);
  throw new Error(`${name} has no text of its licence`);
}
