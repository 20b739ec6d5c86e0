// Where words stand: documents by number, sorted, with places; and what is asked of several.

/** By document, the places of a word in it, counted in words. */
export type Postings = ReadonlyMap<number, readonly number[]>;

/** Read the flat form of the index: distance to the document before, how many places, distances. */
export function postings(flat: readonly number[]): Postings {
  const read = new Map<number, readonly number[]>();
  let [document, at] = [0, 0];
  while (at + 1 < flat.length) {
    document += flat[at] ?? 0;
    const count = flat[at + 1] ?? 0;
    const places: number[] = [];
    let place = 0;
    for (const step of flat.slice(at + 2, at + 2 + count)) {
      place += step;
      places.push(place);
    }
    read.set(document, places);
    at += 2 + count;
  }
  return read;
}

/** Return where words stand next to each other: how often, by document. */
export function phrase(words: readonly Postings[]): ReadonlyMap<number, number> {
  const [first, ...rest] = words;
  const found = new Map<number, number>();
  for (const [document, places] of first ?? []) {
    const others = rest.map((each) => new Set(each.get(document)));
    const count = places.filter((place) =>
      others.every((each, index) => each.has(place + index + 1)),
    ).length;
    if (count > 0) found.set(document, count);
  }
  return found;
}

/** Return the numbers that all sets have, or any has; sorted. */
export function combined(sets: readonly ReadonlySet<number>[], isAny: boolean): number[] {
  const [first = new Set<number>(), ...rest] = sets;
  const numbers = isAny
    ? [...new Set(sets.flatMap((each) => [...each]))]
    : [...first].filter((number) => rest.every((each) => each.has(number)));
  return numbers.sort((one, other) => one - other);
}
