import assert from "node:assert/strict";
import test from "node:test";
import { triples } from "../src/ntriples";

test("terms of all kinds, escapes resolved", () => {
  const text = [
    "# a comment",
    '<http://e.org/s> <http://e.org/p> "\\u0645\\U0001F600 \\"x\\"\\n<b>"@ar .',
    '_:b1 <http://e.org/p> "2016"^^<http://id.loc.gov/datatypes/edtf/EDTF> .',
    "<http://e.org/\\u00E9> <http://e.org/p> _:b1 .",
    "",
  ].join("\n");
  assert.deepEqual(triples(text), [
    [
      { type: "iri", value: "http://e.org/s" },
      { type: "iri", value: "http://e.org/p" },
      { type: "literal", value: 'م😀 "x"\n<b>', language: "ar" },
    ],
    [
      { type: "blank", value: "b1" },
      { type: "iri", value: "http://e.org/p" },
      { type: "literal", value: "2016", datatype: "http://id.loc.gov/datatypes/edtf/EDTF" },
    ],
    [
      { type: "iri", value: "http://e.org/é" },
      { type: "iri", value: "http://e.org/p" },
      { type: "blank", value: "b1" },
    ],
  ]);
});

test("what is no triple is told with its line", () => {
  assert.throws(() => triples("<a:b> <a:c> <a:d> .\n<a:b> <a:c> .\n"), /line 2/);
});
