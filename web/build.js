// Bundles the editor into the Python package, with the licences of what is in it.

import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = new URL(".", import.meta.url);
const target = new URL("../src/kgpub/service/query_page/assets/", here);

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const { metafile } = await build({
  absWorkingDir: fileURLToPath(here),
  entryPoints: ["src/main.ts"],
  outfile: fileURLToPath(new URL("query.js", target)),
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  metafile: true,
});
const names = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const match = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (match) names.add(match[1]);
}
const parts = await Promise.all([...names].sort().map(licence));
const heading = "What query.js is made of besides kgpub itself, with its licences.\n";
await writeFile(new URL("THIRD_PARTY_LICENCES.txt", target), [heading, ...parts].join("\n"));

/** Return name, version and licence of a package. Throws where it has no text of a licence. */
async function licence(name) {
  const folder = new URL(`node_modules/${name}/`, here);
  const described = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no text of its licence`);
  const text = await readFile(new URL(file, folder), "utf8");
  return `${"-".repeat(72)}\n${name} ${described.version} (${described.license})\n\n${text}`;
}
