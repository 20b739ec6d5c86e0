import assert from "node:assert/strict";
import test from "node:test";
import { read, RESULTS, TRIPLES } from "../src/answer";
import { edges } from "../src/edges";
import { layout } from "../src/layout";
import { declared } from "../src/prefixes";
import { when } from "../src/timeline";

type Cell = readonly [string, string?];

/** An answer as the endpoint sends it: of each cell type or datatype, and value. */
function answer(columns: readonly string[], ...rows: readonly (readonly (Cell | null)[])[]) {
  const bindings = rows.map((row) =>
    Object.fromEntries(
      row.flatMap((cell, index) => {
        if (cell === null) return [];
        const [value, datatype] = cell;
        const term =
          datatype === undefined
            ? { type: "uri", value }
            : { type: "literal", value, ...(datatype ? { datatype } : {}) };
        return [[columns[index], term]];
      }),
    ),
  );
  return read(JSON.stringify({ head: { vars: columns }, results: { bindings } }), RESULTS);
}

const EDTF = "http://id.loc.gov/datatypes/edtf/EDTF";

test("a timeline takes beginning and end where there are both", () => {
  const columns = ["x", "end", "start"];
  const begun = [["u:x"], null, ["2016", EDTF]] as const;
  const ended = [["u:y"], ["2020", EDTF], null] as const;
  assert.deepEqual(when(answer(columns, begun, ended)), { start: "start", end: "end" });
});

test("a timeline takes one column where there is one, and none of numbers", () => {
  assert.deepEqual(when(answer(["n", "when"], [["1985", ""], ["2016", EDTF]])), {
    start: "when",
    end: "when",
  });
  assert.equal(when(answer(["n"], [["1985", ""]])), null);
  assert.equal(when(answer(["time"], [["Thursday", ""]])), null);
});

test("a graph joins the first two columns of things by the one that names a link", () => {
  const found = edges(answer(["step", "link", "because"], [["u:a"], ["u:l"], ["u:b"]]));
  assert.deepEqual(
    found?.map(({ from, by, to }) => [from.value, by?.value, to.value]),
    [["u:a", "u:l", "u:b"]],
  );
});

test("triples of literals alone are no graph; repeated edges are one", () => {
  assert.equal(edges(read('<u:a> <u:p> "x" .', TRIPLES)), null);
  assert.equal(edges(read("<u:a> <u:p> <u:b> .\n<u:a> <u:p> <u:b> .", TRIPLES))?.length, 1);
});

test("a layout is finite, apart, and always the same", () => {
  const pairs = [[0, 1], [1, 2], [3, 3]] as const;
  const points = layout(5, pairs, 100);
  assert.deepEqual(layout(5, pairs, 100), points);
  points.forEach((left, index) => {
    assert.ok(Number.isFinite(left.x + left.y));
    for (const right of points.slice(index + 1)) {
      assert.ok(Math.hypot(left.x - right.x, left.y - right.y) > 30);
    }
  });
});

test("prefixes are declared that are used outside strings, and once", () => {
  const prefixes = { kg: "https://kg/", a: "https://a/", b: "https://b/" };
  const query = 'PREFIX a: <https://other/> SELECT * { a:x kg:y "b:z" ; kg:w c:v }';
  assert.equal(declared(query, prefixes), `PREFIX kg: <https://kg/>\n${query}`);
});
