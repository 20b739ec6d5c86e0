// The JSON Schema of submissions: what may stand where, and what it means.
//
// All scalars are texts here, as the server takes them: `2016` fits where a number is wanted.

export interface Json {
  readonly [key: string]: unknown;
}

export type Step = string | number;

/** A key or a value that fits, and what it means. */
export interface Offer {
  readonly name: string;
  readonly detail: string;
  readonly info: string;
}

/** Something that does not fit; `path` leads to it. */
export interface Fault {
  readonly path: readonly Step[];
  readonly kind: "key-unknown" | "value-unknown";
  readonly text: string;
}

/** A schema that applies to a value; `isSure` unless it is one of several alternatives. */
interface Applied {
  readonly schema: Json;
  readonly isSure: boolean;
}

const DEEPEST = 30;
const SLUG_REFERENCE = /\/([a-z]+)-slug$/;

export class Schema {
  readonly #root: Json;

  constructor(root: Json) {
    this.#root = root;
  }

  /** Return the keys that may be added to the mapping at a path of `value`. */
  keys(value: unknown, path: readonly Step[]): Offer[] {
    const found = new Map<string, Offer>();
    const here = at(value, path);
    const present = isObject(here) ? Object.keys(here) : [];
    for (const { schema } of this.#reached(value, path)) {
      for (const [name, property] of Object.entries(objects(schema["properties"]))) {
        if (found.has(name) || present.includes(name)) continue;
        const told = this.#told(property);
        if (told !== null) found.set(name, { name, ...told });
      }
    }
    return [...found.values()];
  }

  /** Return the values that are listed for what stands at a path. */
  values(value: unknown, path: readonly Step[]): Offer[] {
    const found = new Map<string, Offer>();
    for (const { schema } of this.#reached(value, path)) {
      const texts = array(schema["enumDescriptions"]);
      if (schema["doNotSuggest"] === true) continue;
      array(schema["enum"]).forEach((each, number) => {
        const name = String(each);
        if (!found.has(name)) found.set(name, { name, detail: "", info: String(texts[number] ?? "") });
      });
    }
    return [...found.values()];
  }

  /** Return the kinds of things whose bare slugs may stand at a path, as folders. */
  folders(value: unknown, path: readonly Step[]): string[] {
    return this.#reached(value, path).flatMap(({ schema }) => {
      const folder = SLUG_REFERENCE.exec(String(schema["$ref"] ?? ""))?.[1];
      return folder === undefined ? [] : [folder];
    });
  }

  /** Whether a text may stand at a path as a reference: by a pattern that is written for it. */
  takes(value: unknown, path: readonly Step[], text: string): boolean {
    // Those of bare slugs would take a part of it.
    const written = this.#reached(value, path).filter(({ schema }) => {
      return typeof schema["pattern"] === "string" && schema["pattern"].includes("|organisation|");
    });
    return written.some(({ schema }) => this.#fits(schema, text));
  }

  /** Return what the key at the end of a path means. */
  meaning(value: unknown, path: readonly Step[]): Offer | null {
    const key = path.at(-1);
    for (const { schema } of this.#reached(value, path.slice(0, -1))) {
      const property = objects(schema["properties"])[String(key)];
      const told = property === undefined ? null : this.#told(property);
      if (told !== null) return { name: String(key), ...told };
    }
    return null;
  }

  /** Return what is surely wrong: unknown keys, and values that are none of a list. */
  faults(value: unknown): Fault[] {
    const found: Fault[] = [];
    this.#look(value, [{ schema: this.#root, isSure: true }], [], found);
    return found;
  }

  #look(value: unknown, applied: readonly Applied[], path: readonly Step[], found: Fault[]): void {
    if (path.length > DEEPEST) return;
    const reached = applied.flatMap(({ schema, isSure }) => this.#applied(schema, value, isSure));
    const sure = reached.filter(({ isSure }) => isSure).map(({ schema }) => schema);
    if (typeof value === "string") {
      const listing = sure.filter((schema) => "enum" in schema || this.#areLists(schema));
      if (value !== "" && listing.some((schema) => !this.#fits(schema, value))) {
        found.push({ path, kind: "value-unknown", text: value });
      }
      return;
    }
    for (const [step, inner] of entries(value)) {
      const next = reached.flatMap((each) => this.#stepped(each, step));
      const isClosed = sure.some(
        (schema) => typeof step === "string" && isClosedTo(schema, step),
      );
      if (isClosed) found.push({ path: [...path, step], kind: "key-unknown", text: String(step) });
      else this.#look(inner, next, [...path, step], found);
    }
  }

  /** Whether a schema is a choice of lists, and of nothing that a schema cannot tell. */
  #areLists(schema: Json): boolean {
    const choices = array(schema["anyOf"]) as Json[];
    return choices.some((each) => "enum" in this.#resolved(each));
  }

  #reached(value: unknown, path: readonly Step[]): Applied[] {
    let applied: Applied[] = this.#applied(this.#root, value, true);
    let inner = value;
    for (const step of path) {
      inner = at(inner, [step]);
      const next = applied.flatMap((each) => this.#stepped(each, step));
      applied = next.flatMap(({ schema, isSure }) => this.#applied(schema, inner, isSure));
    }
    return applied;
  }

  #stepped({ schema, isSure }: Applied, step: Step): Applied[] {
    if (typeof step === "number") {
      return isObject(schema["items"]) ? [{ schema: schema["items"], isSure }] : [];
    }
    const own = objects(schema["properties"])[step];
    if (own !== undefined) return [{ schema: own, isSure }];
    for (const [pattern, each] of Object.entries(objects(schema["patternProperties"]))) {
      if (matches(pattern, step)) return [{ schema: each, isSure }];
    }
    const others = schema["additionalProperties"];
    return isObject(others) ? [{ schema: others, isSure }] : [];
  }

  /** Return a schema with all that it refers to, as far as it applies to a value. */
  #applied(schema: Json, value: unknown, isSure: boolean, depth = 0): Applied[] {
    if (depth > DEEPEST || !isObject(schema)) return [];
    const found: Applied[] = [{ schema, isSure }];
    const more = (each: unknown, sure: boolean) => {
      if (isObject(each)) found.push(...this.#applied(each, value, sure, depth + 1));
    };
    if (typeof schema["$ref"] === "string") more(this.#referred(schema["$ref"]), isSure);
    for (const each of array(schema["allOf"])) more(each, isSure);
    for (const each of [...array(schema["anyOf"]), ...array(schema["oneOf"])]) {
      if (isObject(each) && hasType(this.#resolved(each), value)) more(each, false);
    }
    if (isObject(schema["if"])) {
      more(this.#fits(schema["if"], value) ? schema["then"] : schema["else"], isSure);
    }
    return found;
  }

  #referred(reference: string): unknown {
    const name = reference.replace("#/$defs/", "");
    return objects(this.#root["$defs"])[name];
  }

  #resolved(schema: Json): Json {
    const reference = schema["$ref"];
    const found = typeof reference === "string" ? this.#referred(reference) : undefined;
    return isObject(found) ? { ...found, ...schema } : schema;
  }

  #told(property: Json): { detail: string; info: string } | null {
    const whole = this.#resolved(property);
    if (whole["doNotSuggest"] === true) return null;
    return { detail: String(whole["title"] ?? ""), info: String(whole["description"] ?? "") };
  }

  /** Whether a value fits a schema, as far as what is listed here tells. */
  #fits(schema: Json, value: unknown, depth = 0): boolean {
    if (depth > DEEPEST) return true;
    const deeper = (each: unknown) => !isObject(each) || this.#fits(each, value, depth + 1);
    const { $ref: reference, pattern, not } = schema;
    if (!hasType(schema, value)) return false;
    if ("const" in schema && String(schema["const"]) !== String(value)) return false;
    if ("enum" in schema && !array(schema["enum"]).map(String).includes(String(value))) return false;
    if (typeof pattern === "string" && typeof value === "string" && !matches(pattern, value)) {
      return false;
    }
    if (typeof reference === "string" && !deeper(this.#referred(reference))) return false;
    if (isObject(not) && this.#fits(not, value, depth + 1)) return false;
    if (!array(schema["allOf"]).every(deeper)) return false;
    const choices = array(schema["anyOf"]);
    if (choices.length > 0 && !choices.some(deeper)) return false;
    if (!isObject(value)) return true;
    if (!array(schema["required"]).every((key) => String(key) in value)) return false;
    return Object.entries(objects(schema["properties"])).every(
      ([key, each]) => !(key in value) || this.#fits(each, value[key], depth + 1),
    );
  }
}

/** Whether a mapping of this schema may not have a key. */
function isClosedTo(schema: Json, key: string): boolean {
  if (schema["additionalProperties"] !== false || key in objects(schema["properties"])) return false;
  return !Object.keys(objects(schema["patternProperties"])).some((each) => matches(each, key));
}

function hasType(schema: Json, value: unknown): boolean {
  const types = typeof schema["type"] === "string" ? [schema["type"]] : array(schema["type"]);
  if (types.length === 0 || value === undefined || value === null) return true;
  if (Array.isArray(value)) return types.includes("array");
  if (isObject(value)) return types.includes("object");
  return types.some((each) => each !== "array" && each !== "object" && each !== "null");
}

const compiled = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) compiled.set(pattern, (expression = new RegExp(pattern, "u")));
  return expression.test(text);
}

function at(value: unknown, path: readonly Step[]): unknown {
  let inner = value;
  for (const step of path) {
    if (Array.isArray(inner) && typeof step === "number") inner = inner[step];
    else if (isObject(inner) && Object.hasOwn(inner, String(step))) inner = inner[String(step)];
    else return undefined;
  }
  return inner;
}

function entries(value: unknown): [Step, unknown][] {
  if (Array.isArray(value)) return value.map((each, number) => [number, each]);
  return isObject(value) ? Object.entries(value) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objects(value: unknown): Readonly<Record<string, Json>> {
  return isObject(value) ? (value as Record<string, Json>) : {};
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
