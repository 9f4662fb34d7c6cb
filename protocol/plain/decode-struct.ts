/** Structs out of the formats without Go types: fields are matched by their names on the wire. */
import { at } from "../schema/failure.js";
import type { AnySchema } from "../schema/index.js";
import { setKey } from "../schema/keys.js";
import type { KnownStruct } from "../schema/known.js";
import { failNode, type Read } from "./decode-scalar.js";
import { plainFields } from "./fields.js";
import type { PlainReader } from "./format.js";

/** How nodes become the values of one schema. Its method is looked up at each call: see `CompiledSchemas`. */
export interface PlainDecoder {
  read: Read;
}

interface Part {
  readonly key: string;
  readonly go: string;
  readonly decoder: PlainDecoder;
  readonly isOptional: boolean;
}

/**
 * As in Go, unknown names are passed over and the last of two equal names counts. A field that is missing
 * becomes its zero, or stays as it is in a value to merge into.
 *
 * @param compile - the compiler of the fields' schemas.
 */
export function structReader(
  schema: KnownStruct,
  compile: (schema: AnySchema) => PlainDecoder,
): Read {
  if (schema.empty === true) return (r, node) => void itemsOf(schema, r, node);
  const parts = plainFields(schema).map(
    ({ key, go, schema: of, isOptional }): Part => ({ key, go, decoder: compile(of), isOptional }),
  );
  const nodesOf = fieldMatcher(schema, parts);
  return (r, node, context, into) => {
    const nodes = nodesOf(r, node);
    const value = typeof into === "object" && into !== null ? into : {};
    for (const [i, part] of parts.entries()) {
      if (value === into && nodes[i] === undefined) continue;
      readField(value, part, r, nodes[i] ?? null, context);
    }
    return value;
  };
}

/** Finds the node of each part; undefined for a field that the peer left out. */
function fieldMatcher(
  schema: KnownStruct,
  parts: readonly Part[],
): (r: PlainReader, node: unknown) => unknown[] {
  const exact = new Map<unknown, number>(parts.map(({ go }, i) => [go, i]));
  const folded = new Map(parts.map(({ go }, i) => [go.toLowerCase(), i]));
  return (r, node) => {
    const nodes = new Array<unknown>(parts.length);
    const items = itemsOf(schema, r, node);
    if (Array.isArray(items)) {
      for (const i of nodes.keys()) nodes[i] = items[i];
      return nodes;
    }
    for (const [name, item] of items) {
      const i =
        exact.get(name) ?? (r.foldsCase ? folded.get(String(name).toLowerCase()) : undefined);
      if (i !== undefined) nodes[i] = item;
    }
    return nodes;
  };
}

/** The fields as an array in order, or as entries. */
function itemsOf(schema: KnownStruct, r: PlainReader, node: unknown) {
  if (node === null) return [] as unknown[];
  if (Array.isArray(node) && r.hasArrayStructs) return node as unknown[];
  return r.entries(node) ?? failNode(schema.name || "struct", node);
}

function readField(
  value: object,
  part: Part,
  r: PlainReader,
  node: unknown,
  context: unknown,
): void {
  try {
    const into = Object.hasOwn(value, part.key) ? Reflect.get(value, part.key) : undefined;
    const read = part.decoder.read(r, node, context, into);
    if (read !== undefined || !part.isOptional) setKey(value, part.key, read);
    else if (into !== undefined) Reflect.deleteProperty(value, part.key);
  } catch (error) {
    throw at(error, `.${part.go}`);
  }
}
