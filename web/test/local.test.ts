import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { lines, unpacked } from "../src/local/dump";
import { formOf, prologue, refused, syntaxFault } from "../src/local/sparql";

test("an update is refused where its word stands, and not in strings, comments and names", () => {
  assert.deepEqual(refused("PREFIX a: <x:>\n  insert data {}"), {
    key: "update",
    prefix: "",
    line: 2,
    column: 3,
  });
  assert.equal(refused('SELECT ?delete { # DROP\n ?s a:with "INSERT" ; <x:LOAD> """CLEAR\n""" }'), null);
  assert.equal(refused("ASK { ?s a:service _:service }"), null);
  assert.equal(refused("BASE <x:#a> ASK {}"), null);
});

test("SERVICE is refused however it is written", () => {
  for (const query of [
    "SELECT * { service<x:y>{} }",
    "ASK {Service silent ?x {}}",
    "SELECT * { # x\r\n SERVICE <x:y> {} }",
    'SELECT * { BIND("\\"" AS ?x) SERVICE <x:y> {} }',
    "SELECT * { <x:y#> a 'it''s' . SERVICE <x:y> {} }",
  ]) {
    assert.equal(refused(query)?.key, "service", query);
  }
});

test("places count code points, as the editor does", () => {
  const query = 'ASK { "😀😀" SERVICE <x:y> {} }';
  assert.equal(refused(query)?.column, 12);
});

test("the form is told from the first word behind the declarations", () => {
  assert.equal(formOf("PREFIX construct: <x:> SELECT * {}"), "rows");
  assert.equal(formOf("# ASK\nbase <x:> describe <y>"), "triples");
  assert.equal(formOf("CONSTRUCT WHERE {}"), "triples");
  assert.equal(formOf(""), "rows");
});

test("only prefixes that may be used are declared, and places do not move", () => {
  const known = { kg: "x:kg#", foaf: "x:foaf#" };
  const query = "SELECT * { ?s kg:name ?o } }";
  const declared = prologue(query, known);
  assert.equal(declared, "PREFIX kg: <x:kg#> ");
  const column = declared.length + query.length;
  const told = syntaxFault(`error at 1:${column}: expected`, query, declared, known);
  assert.deepEqual(told, { key: "syntax", prefix: "", line: 1, column: query.length });
  assert.equal(syntaxFault("the service is not supported", query, declared, known), null);
});

test("a prefix that nobody declared is told before what stands behind it", () => {
  const query = "PREFIX a: <x:>\nSELECT * { ?s a:b ?o ; kg:c ?p ; odd:name ?q }";
  const told = syntaxFault("error at 2:43: expected", query, "", { kg: "x:" });
  assert.deepEqual(told, { key: "prefix", prefix: "odd:", line: 2, column: 34 });
});

async function* chunked(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield new Uint8Array(bytes.slice(at, at + size));
}

async function read(source: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const each of source) found.push(each);
  return found;
}

test("a dump is the same packed and unpacked, in chunks of any size", async () => {
  const text = "<x:s> <x:p> \"é\" <x:g> .\n".repeat(40_000);
  const plain = new TextEncoder().encode(text);
  for (const [bytes, size] of [
    [plain, 70_000],
    [gzipSync(plain), 1],
    [gzipSync(plain), 64],
    [gzipSync(plain), 1 << 20],
  ] as const) {
    const pieces = await read(lines(unpacked(chunked(bytes, size))));
    assert.equal(Buffer.concat(pieces).toString(), text);
    assert.ok(pieces.every((piece) => piece.at(-1) === 0x0a));
    assert.ok(pieces.length < 4);
  }
});

test("an empty dump, and one of a byte", async () => {
  assert.deepEqual(await read(lines(unpacked(chunked(new Uint8Array(), 1)))), []);
  const one = await read(lines(unpacked(chunked(new Uint8Array([0x23]), 1))));
  assert.deepEqual(one.map((each) => [...each]), [[0x23]]);
});

test("a packed dump that breaks off is an error", async () => {
  const packed = gzipSync(new TextEncoder().encode("<x:s> <x:p> <x:o> .\n".repeat(1000)));
  await assert.rejects(read(unpacked(chunked(packed.subarray(0, packed.length - 12), 50))));
});
