// Where nodes of a picture stand: they push each other away, and edges draw them together.
// After Fruchterman and Reingold (1991); it begins on a spiral, so that it always ends the same.

export interface Point {
  readonly x: number;
  readonly y: number;
}

const STEPS = 250;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Return a point for each of `count` nodes; neighbours come to be about `distance` apart. */
export function layout(
  count: number,
  edges: readonly (readonly [number, number])[],
  distance: number,
): Point[] {
  const x = Array.from({ length: count }, (_, i) => distance * Math.sqrt(i) * Math.cos(i * GOLDEN));
  const y = Array.from({ length: count }, (_, i) => distance * Math.sqrt(i) * Math.sin(i * GOLDEN));
  const at = (values: readonly number[], index: number) => values[index] ?? 0;
  for (let step = 0; step < STEPS; step += 1) {
    const moves = Array.from({ length: count }, () => ({ x: 0, y: 0 }));
    const push = (left: number, right: number, force: (length: number) => number) => {
      const [dx, dy] = [at(x, left) - at(x, right), at(y, left) - at(y, right)];
      const length = Math.max(Math.hypot(dx, dy), 0.01);
      const share = force(length) / length;
      for (const [index, sign] of [[left, 1], [right, -1]] as const) {
        const move = moves[index];
        if (move === undefined) continue;
        move.x += sign * dx * share;
        move.y += sign * dy * share;
      }
    };
    for (let left = 0; left < count; left += 1) {
      for (let right = left + 1; right < count; right += 1) {
        push(left, right, (length) => (distance * distance) / length);
      }
    }
    for (const [left, right] of edges) {
      if (left !== right) push(left, right, (length) => -(length * length) / distance);
    }
    const most = distance * (1 - step / STEPS) + 0.5;
    moves.forEach((move, index) => {
      // A pull to the middle keeps parts together that no edge joins.
      const [dx, dy] = [move.x - at(x, index), move.y - at(y, index)];
      const length = Math.max(Math.hypot(dx, dy), 0.01);
      const share = Math.min(length, most) / length;
      x[index] = at(x, index) + dx * share;
      y[index] = at(y, index) + dy * share;
    });
  }
  return x.map((each, index) => ({ x: each, y: at(y, index) }));
}
