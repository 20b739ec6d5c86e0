import assert from "node:assert/strict";
import test from "node:test";
import { span } from "../src/dates";

const utc = (text: string) => Date.parse(`${text}T00:00:00Z`);

const SPANS: readonly [string, string, string][] = [
  ["2016", "2016-01-01", "2017-01-01"],
  ["2016-02", "2016-02-01", "2016-03-01"],
  ["2016-12", "2016-12-01", "2017-01-01"],
  ["2016-02-29", "2016-02-29", "2016-03-01"],
  ["2020-05-07T10:00:00Z", "2020-05-07", "2020-05-08"],
  ["2003/2006", "2003-01-01", "2007-01-01"],
  ["201X", "2010-01-01", "2020-01-01"],
  ["19XX", "1900-01-01", "2000-01-01"],
  ["1985~", "1985-01-01", "1986-01-01"],
  ["2001-22", "2001-01-01", "2002-01-01"],
  ["0044", "0044-01-01", "0045-01-01"],
];
for (const [text, from, to] of SPANS) {
  test(`${text} is from ${from} to ${to}`, () => {
    assert.deepEqual(span(text), { from: utc(from), to: utc(to) });
  });
}

test("open and unknown ends are infinite", () => {
  assert.deepEqual(span("2003/.."), { from: utc("2003-01-01"), to: Infinity });
  assert.deepEqual(span("/2003"), { from: -Infinity, to: utc("2004-01-01") });
});

test("before year 0", () => {
  assert.equal(new Date(span("-0044")?.from ?? 0).toISOString(), "-000044-01-01T00:00:00.000Z");
});

const NONE = [
  "", "Thursday", "2016-13", "2015-02-29",
  "2006/2003", "12", "2016-02-30x", "Y999999",
];
for (const text of NONE) {
  test(`${JSON.stringify(text)} is no date`, () => assert.equal(span(text), null));
}
