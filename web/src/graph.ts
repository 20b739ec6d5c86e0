// Triples, or pairs of things, as a picture of nodes and arrows.

import { edges, type Edge } from "./edges";
import { layout, type Point } from "./layout";
import { address, called, directionOf, element } from "./shown";
import { drawn } from "./svg";
import type { Term } from "./answer";
import type { Shown, View } from "./view";

const MOST = 120;
const DISTANCE = 150;
const MARGIN = 110;
const RADIUS = 7;
const LABELLED = 60;
const LONGEST = 28;
const ARROW = "query-arrow";

export const graph: View = (shown) => {
  const found = edges(shown.answer);
  if (found === null) return element("p", {}, shown.say("no-edges"));
  const all = new Map<string, Term>();
  for (const { from, to } of found) {
    all.set(from.value, from);
    all.set(to.value, to);
  }
  const nodes = [...all.values()].slice(0, MOST);
  const index = new Map(nodes.map((term, place) => [term.value, place]));
  const kept = found.filter(({ from, to }) => index.has(from.value) && index.has(to.value));
  const pairs = kept.map(({ from, to }) => [place(from, index), place(to, index)] as const);
  const points = layout(nodes.length, pairs, DISTANCE);
  const note = shown.say("some-nodes", { shown: nodes.length, count: all.size });
  return element(
    "div",
    { class: "query-picture" },
    ...(nodes.length < all.size ? [element("p", {}, note)] : []),
    picture(nodes, kept, pairs, points, shown),
  );
};

function place(term: Term, index: ReadonlyMap<string, number>): number {
  return index.get(term.value) ?? 0;
}

function picture(
  nodes: readonly Term[],
  kept: readonly Edge[],
  pairs: readonly (readonly [number, number])[],
  points: readonly Point[],
  shown: Shown,
): SVGElement {
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN / 2];
  const [width, height] = [Math.max(...xs) - left + MARGIN, Math.max(...ys) - top + MARGIN / 2];
  const size = [left, top, width, height].map(Math.round);
  const lines = pairs.map(([from, to], at) =>
    line(points[from], points[to], kept[at]?.by ?? null, kept.length <= LABELLED, shown),
  );
  const dots = nodes.map((term, at) => dot(term, points[at], shown));
  const attributes = {
    viewBox: size.join(" "),
    // Not wider than it needs to be for its letters to be of usual size.
    width: size[2] ?? 0,
    role: "group",
    "aria-label": shown.say("graph"),
  };
  return drawn("svg", attributes, arrowhead(), ...lines, ...dots);
}

function arrowhead(): SVGElement {
  const shape = drawn("path", { d: "M0 0 L8 4 L0 8 z", class: "head" });
  const attributes = {
    id: ARROW,
    markerWidth: 8,
    markerHeight: 8,
    refX: 8,
    refY: 4,
    orient: "auto",
    markerUnits: "userSpaceOnUse",
  };
  return drawn("defs", {}, drawn("marker", attributes, shape));
}

function line(
  from: Point | undefined,
  to: Point | undefined,
  by: Term | null,
  isLabelled: boolean,
  shown: Shown,
): SVGElement {
  if (from === undefined || to === undefined) return drawn("g");
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const name = by === null ? "" : called(by, shown.settings, shown.names);
  const title = drawn("title", {}, name);
  if (length === 0) {
    // An edge from a node to itself.
    const d = `M${from.x} ${from.y - RADIUS} c-30 -40 30 -40 0 0`;
    return drawn("g", { class: "edge" }, title, drawn("path", { d, fill: "none" }));
  }
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const stroke = drawn("line", {
    x1: Math.round(from.x + dx * RADIUS),
    y1: Math.round(from.y + dy * RADIUS),
    x2: Math.round(to.x - dx * RADIUS),
    y2: Math.round(to.y - dy * RADIUS),
    "marker-end": `url(#${ARROW})`,
  });
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 3 };
  const text = isLabelled && name ? [label(name, middle)] : [];
  return drawn("g", { class: "edge" }, title, stroke, ...text);
}

function dot(term: Term, point: Point | undefined, shown: Shown): SVGElement {
  const { x, y } = point ?? { x: 0, y: 0 };
  const name = called(term, shown.settings, shown.names);
  const circle = drawn("circle", { cx: Math.round(x), cy: Math.round(y), r: RADIUS });
  const text = label(name, { x, y: y + RADIUS + 15 });
  const whole = drawn("g", { class: "node" }, drawn("title", {}, name), circle, text);
  const href = term.type === "iri" ? address(term.value, shown.settings) : null;
  return href === null ? whole : drawn("a", { href, rel: "noopener nofollow" }, whole);
}

function label(name: string, { x, y }: Point): SVGElement {
  const letters = Array.from(name);
  const text = letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : name;
  const attributes = {
    x: Math.round(x),
    y: Math.round(y),
    "text-anchor": "middle",
    direction: directionOf(text),
  };
  return drawn("text", attributes, text);
}
