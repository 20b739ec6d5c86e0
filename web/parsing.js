// Reads RDF by parsers that are neither kgpub's nor Python's: `node parsing.js FILE`, whose name says
// in which syntax. Writes its quads as N-Quads, in no order. The Python tests compare them.

import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { StreamParser, StreamWriter } from "n3";
import { JsonLdParser } from "jsonld-streaming-parser";

const path = process.argv[2];
const syntaxes = { ".ttl": "text/turtle", ".trig": "application/trig", ".nq": "application/n-quads" };
const ending = path.slice(path.lastIndexOf("."));
const parser = ending === ".jsonld" ? new JsonLdParser() : new StreamParser({ format: syntaxes[ending] });
await pipeline(
  createReadStream(path, ending === ".jsonld" ? undefined : "utf8"),
  parser,
  new StreamWriter({ format: "application/n-quads" }),
  process.stdout,
);
