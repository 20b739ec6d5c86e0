import assert from "node:assert/strict";
import test from "node:test";
import type { Settings } from "../src/settings";
import { address, directionOf, short } from "../src/shown";

const BASE = "https://example.org/data/";
const settings: Settings = {
  language: "ar",
  prefixes: { person: `${BASE}person/`, d: BASE, kg: "https://example.org/ontology#" },
  places: [
    { iri: "https://example.org/ontology#", href: "./ontology.ar.html#", ending: "" },
    { iri: BASE, href: "./data/", ending: ".ar.html" },
  ],
  words: {},
};

const ADDRESSES: readonly [string, string | null][] = [
  [`${BASE}person/x`, "./data/person/x.ar.html"],
  [`${BASE}person/مصطفى 1`, "./data/person/%D9%85%D8%B5%D8%B7%D9%81%D9%89%201.ar.html"],
  [`${BASE}a%2Fb`, "./data/a%252Fb.ar.html"],
  [`${BASE}a?b`, "./data/a%3Fb.ar.html"],
  [`${BASE}article/x/article.txt#char=1,2`, "./data/article/x/article.txt"],
  [`${BASE}../../evil`, null],
  [`${BASE}/evil`, "./data//evil.ar.html"],
  [`${BASE}event/`, "./data/event/index.ar.html"],
  [`${BASE}a//`, "./data/a//index.ar.html"],
  [`${BASE}person/index`, "./data/person/index_.ar.html"],
  [`${BASE}index_`, "./data/index__.ar.html"],
  [`${BASE}index/x`, "./data/index/x.ar.html"],
  [`${BASE}person/my-index`, "./data/person/my-index.ar.html"],
  [`${BASE}\ud800`, "./data/%EF%BF%BD.ar.html"],
  ["https://example.org/ontology#Person", "./ontology.ar.html#Person"],
  ["https://example.org/ontology#index", "./ontology.ar.html#index"],
  ["http://www.wikidata.org/entity/Q42", "http://www.wikidata.org/entity/Q42"],
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["//evil.example", null],
  ["https:///x", null],
  ["urn:x", null],
];
for (const [iri, expected] of ADDRESSES) {
  test(`${JSON.stringify(iri)} leads to ${expected}`, () => {
    assert.equal(address(iri, settings), expected);
  });
}

test("of a site of files only those are linked that bear their names", () => {
  const [terms, data] = settings.places;
  assert.ok(terms && data);
  const ofFiles = { ...settings, places: [terms, { ...data, isOfFiles: true }] };
  const kept = ["person/x", "event/", "article/x/article.txt#char=1,2", "person/index"];
  for (const path of kept) {
    assert.equal(address(BASE + path, ofFiles), address(BASE + path, settings), path);
  }
  for (const path of ["person/Upper", "a?b", "con/x", "a//b", "x.ttl/y", "aς", "e\u0301", `${"x".repeat(231)}`]) {
    assert.equal(address(BASE + path, ofFiles), BASE + path, path);
  }
});

test("the longest namespace is taken, and only for what can stand behind a prefix", () => {
  assert.equal(short(`${BASE}person/x`, settings.prefixes), "person:x");
  assert.equal(short(`${BASE}x`, settings.prefixes), "d:x");
  assert.equal(short(`${BASE}a/b`, settings.prefixes), `${BASE}a/b`);
  assert.equal(short("http://e.org/", settings.prefixes), "http://e.org/");
});

test("the first letter decides on the direction", () => {
  assert.equal(directionOf("1985 مصطفى (x)"), "rtl");
  assert.equal(directionOf("(x) مصطفى"), "ltr");
});
