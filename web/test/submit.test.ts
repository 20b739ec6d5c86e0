import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { parse } from "yaml";
import { plain, surroundings } from "../src/submit/completing";
import { chosen, marks, places } from "../src/submit/grounding";
import { addEntity, addStatement, metadata, named, type Change } from "../src/submit/inserting";
import { standing } from "../src/submit/paths";
import { lineStarts, offsetOf } from "../src/submit/points";
import { quoted } from "../src/submit/quoting";
import { Schema } from "../src/submit/schema";
import { read } from "../src/submit/written";

const repository = join(process.cwd(), "..");
const schema = new Schema(
  JSON.parse(await readFile(join(repository, "schemas/submission.schema.json"), "utf8")),
);
const SEED = join(repository, "articles/al-kadhimi-and-kurdistan");
const facts = await readFile(join(SEED, "facts.yaml"), "utf8");
const article = await readFile(join(SEED, "article.txt"), "utf8");

function applied(text: string, change: Change | string): string {
  if (typeof change === "string") throw new Error(change);
  return text.slice(0, change.from) + change.insert + text.slice(change.to);
}

const HOSTILE = [
  "قال: نعم",
  "a #b",
  "'single'",
  '"double" \\ back',
  "- item",
  "{a: b}",
  "[x, y]",
  "null",
  "~",
  "Yes",
  "2016-05-07",
  "2003/..",
  "1_000",
  "0x1F",
  "12:30:45",
  "*alias",
  "&anchor",
  "!tag",
  "%directive",
  "@at",
  "`tick`",
  "line\nbreak",
  "tab\there",
  "carriage\r\nreturn",
  "bell\u0007",
  "\u200fمن اليمين\u200e",
  "next\u0085line\u2028separator",
  "\ufeffmark",
  "two  spaces",
  "ends:",
  "?",
  "? key",
  "=",
  "<<",
  "😀 emoji",
  "\u202eevil\u202c",
  "---",
  "...",
  ".inf",
  "k: v # c",
  "شرطة - وسط",
  "كلمة 'بين' علامتين",
];

test("a text in quotes is read as the same text by both versions of YAML", () => {
  for (const text of HOSTILE) {
    for (const version of ["1.1", "1.2"] as const) {
      const written = quoted(text);
      assert.ok(!written.includes("\n"), written);
      // A key decides what a value means: what stands there must be a scalar of this source.
      assert.equal(parse(`words: ${written}\nx: y`, { version, schema: "failsafe" }).words, text);
    }
  }
});

test("words of an article stay bare where nothing speaks against it", () => {
  for (const line of article.split("\n").filter((each) => /^[\p{L}\p{N}\p{M} ،.]+$/u.test(each))) {
    if (/^\p{L}/u.test(line) && line === line.trim() && !line.includes("  ")) {
      assert.equal(quoted(line), line);
    }
  }
});

test("what is added stands at the end of its section, and all else stays as it was", () => {
  const change = addStatement(facts, { words: "كلمات: جديدة", occurrence: "2" });
  const text = applied(facts, change);
  const before = parse(facts) as { statements: unknown[] };
  const after = parse(text) as { statements: unknown[] };
  assert.deepEqual(after.statements.slice(0, -1), before.statements);
  assert.deepEqual(after.statements.at(-1), { words: "كلمات: جديدة", occurrence: 2 });
  assert.ok(typeof change !== "string" && change.from === change.to);
});

test("a person gets among the people, before the comments of what follows", () => {
  const text = applied(
    facts,
    addEntity(facts, "people", "salim-omar", { name: { ar: "سالم عمر", en: "Salim, Omar" } }),
  );
  const people = (parse(text) as { people: Record<string, unknown> }).people;
  assert.deepEqual(people["salim-omar"], { name: { ar: "سالم عمر", en: "Salim, Omar" } });
  assert.equal(Object.keys(people).at(-1), "salim-omar");
  for (const line of facts.split("\n")) assert.ok(text.includes(line));
});

test("a section that is not there yet comes before those that follow it", () => {
  const begun = "article: x\n\n# What is said.\nstatements:\n  - words: a # why\n";
  const text = applied(begun, addEntity(begun, "offices", "mayor", { "single-holder": "true" }));
  assert.deepEqual(Object.keys(parse(text) as object), ["article", "offices", "statements"]);
  assert.ok(text.includes("# What is said.\nstatements:\n  - words: a # why\n"));
});

for (const [what, text] of Object.entries({
  "nothing at all": "",
  "a comment only": "# to do",
  "an empty section": "article: x\nstatements:\n",
  "an empty section with a comment": "article: x\nstatements: # to do\n",
  "null": "article: x\nstatements: null\npeople: {}\n",
  "a sequence without indent": "article: x\nstatements:\n- words: a\n- words: b\n",
  "a flow sequence": "article: x\nstatements: [{words: a}] # why\n",
  "an empty flow sequence": "article: x\nstatements: []\n",
  "JSON": '{"article": "x", "statements": [{"words": "a"}]}',
  "one statement alone": "article: x\nstatements:\n  words: a\n",
  "a block that keeps its end": "article: x\nstatements:\n  - words: |+\n      a\n\n\n",
  "a block": "article: x\nstatements:\n  - words: |\n      a\n      b\n\npeople: {}\n",
  "no line break at the end": "article: x\nstatements:\n  - words: a",
  "nested facts": "statements:\n  - words: a\n    asserts:\n      - {type: Tenure}\n\narticle: x\n",
})) {
  test(`a statement is added to ${what}`, () => {
    const after = applied(text, addStatement(text, { words: "new" }));
    const old = (parse(text) ?? {}) as { statements?: unknown };
    const list = Array.isArray(old.statements) ? old.statements : old.statements ? [old.statements] : [];
    assert.deepEqual((parse(after) as { statements: unknown }).statements, [...list, { words: "new" }]);
    for (const comment of text.match(/#.*/g) ?? []) assert.ok(after.includes(comment));
  });
}

test("nothing is added to what is not YAML, and nothing twice", () => {
  assert.equal(addStatement("a: [", { words: "x" }), "mend-first");
  assert.equal(addEntity(facts, "people", "masrour-barzani", {}), "is-there");
});

test("the facts follow the short name of their article", () => {
  for (const text of ["article: old # why\npeople: {}\n", "people: {}\n", "", "article:\npeople: {}\n"]) {
    const after = applied(text, named(text, "new-name"));
    assert.equal((parse(after) as { article: string }).article, "new-name");
  }
});

test("metadata are YAML whatever is in their fields", () => {
  const fields = { title: "a: b\n# c", language: "ar", publisher: "", source: "https://x/?a=b#c" };
  assert.deepEqual(parse(metadata(fields)), {
    title: { ar: "a: b\n# c" },
    language: "ar",
    source: "https://x/?a=b#c",
  });
});

test("nothing is wrong with the first submission, and what is wrong with another is found", () => {
  assert.deepEqual(schema.faults(plain(read(facts).document)), []);
  const wrong = "article: x\nstatments: []\nstatements:\n  - asserts:\n      - {type: Tenur, person: a}\n";
  const found = schema.faults(plain(read(wrong).document)).map(({ text }) => text);
  assert.deepEqual(found, ["statments", "Tenur"]);
});

test("keys and values are those of what stands around them", () => {
  const value = { statements: [{ words: "x", asserts: [{ type: "Tenure" }] }] };
  const keys = schema.keys(value, ["statements", 0, "asserts", 0]).map(({ name }) => name);
  assert.ok(keys.includes("office") && !keys.includes("participants") && !keys.includes("type"));
  const types = schema.values(value, ["statements", 0, "asserts", 0, "type"]).map(({ name }) => name);
  assert.ok(types.includes("Tenure") && types.includes("Event"));
  assert.deepEqual(schema.folders(value, ["statements", 0, "asserts", 0, "person"]), ["person"]);
  assert.ok(schema.takes(value, ["statements", 0, "said-by"], "person/a"));
  assert.ok(!schema.takes(value, ["statements", 0, "said-by"], "event/a"));
});

test("what stands at a place is found in braces, too", () => {
  const text = "statements:\n  - asserts: [{type: Tenure, person: abc}]\n";
  const { document } = read(text);
  assert.deepEqual(standing(document, text.indexOf("abc") + 1)?.path, [
    "statements",
    0,
    "asserts",
    0,
    "person",
  ]);
});

test("all words that the first submission quotes stand in its article", () => {
  const written = read(facts);
  const statements = (parse(facts) as { statements: Record<string, string>[] }).statements;
  assert.deepEqual(
    written.quotes.map(({ words }) => words),
    statements.flatMap((each) => [each["words"], each["introduced-by"]].filter(Boolean)),
  );
  for (const { words, at } of written.quotes) {
    assert.ok(places(article, words).length > 0, words);
    assert.ok(facts.slice(at.from, at.to).length >= words.length);
  }
  const caret = facts.indexOf("words:");
  const { current } = marks(written, article, caret);
  assert.ok(current !== null && article.slice(current.from, current.to) === written.quotes[0]?.words);
});

test("a selection tells which of several places it is", () => {
  const text = "بنت بنت ولد";
  assert.deepEqual(chosen(text, { from: 4, to: 8 }), { words: "بنت", occurrence: 2 });
  assert.deepEqual(chosen(text, { from: 7, to: 11 }), { words: "ولد", occurrence: null });
  assert.equal(chosen(text, { from: 3, to: 4 }), null);
});

test("places are counted in code points", () => {
  const text = "a\n😀ب: x";
  const starts = lineStarts(text);
  assert.equal(offsetOf(text, starts, 2, 2), text.indexOf("ب"));
  assert.equal(offsetOf(text, starts, 2, 99), text.length);
  assert.equal(offsetOf(text, starts, 1, 9), 1);
  assert.equal(offsetOf(text, starts, 9, 1), 2);
});

test("a place is read with its section, of a list with its item alone", () => {
  const text = "article: x\npeople:\n  a: {}\nstatements: # all\n  - words: a\n  - words: b\n    x\n\ntopics:\n";
  const cut = (place: string) => {
    const { start, stop, head } = surroundings(text, text.indexOf(place));
    return head + text.slice(start, stop);
  };
  assert.equal(cut("a: {}"), "people:\n  a: {}\n");
  assert.equal(cut("x\n\n"), "statements: # all\n  - words: b\n    x\n\n");
  assert.equal(cut("words: a"), "statements: # all\n  - words: a\n");
  assert.equal(cut("topics"), "topics:\n");
  const people = "people:\n  a:\n    spelling:\n      ar:\n        - x\n        - y\n";
  assert.equal(surroundings(people, people.indexOf("y")).head, "");
  const flow = "statements: [{words: a,\n  b}]\n";
  assert.deepEqual(surroundings(flow, flow.indexOf("b}")), { start: 0, stop: flow.length, head: "" });
});
