/** Structs out of the formats without Go types: fields are matched by their names on the wire. */
import { COST } from "../bytes/cost.js";
import { at } from "../schema/failure.js";
import type { AnySchema } from "../schema/index.js";
import { setKey } from "../schema/keys.js";
import type { KnownStruct } from "../schema/known.js";
import { partCost } from "./budget.js";
import { failNode, type Read } from "./decode-scalar.js";
import { type FlatField, flatFields, makeHolder } from "./flatten.js";
import type { PlainReader } from "./format.js";

/** How nodes become the values of one schema. Its method is looked up at each call: see `CompiledSchemas`. */
export interface PlainDecoder {
  read: Read;
}

interface Part {
  readonly through: FlatField["through"];
  /** Whether it has a name on the wire. */
  readonly isVisible: boolean;
  readonly isAmbiguous: boolean;
  readonly key: string;
  readonly go: string;
  readonly decoder: PlainDecoder;
  readonly isOptional: boolean;
}

/**
 * As in Go, unknown names are passed over and the last of two equal names counts. A field that is missing
 * becomes its zero, or stays as it is in a value to merge into. The fields of embedded structs stand beside the others,
 * and one of them makes the struct that a nil pointer embeds [GOB-47].
 *
 * @param compile - the compiler of the fields' schemas.
 */
export function structReader(
  schema: KnownStruct,
  compile: (schema: AnySchema) => PlainDecoder,
): Read {
  if (schema.empty === true) return emptyReader(schema);
  const parts = flatFields(schema).map(({ field, ...rest }): Part => {
    const { key, go, schema: of, isOptional } = field;
    return { ...rest, key, go, decoder: compile(of), isOptional };
  });
  const isFlat = parts.some(({ through }) => through.length > 0);
  const nodesOf = fieldMatcher(schema, parts);
  const cost = flatFields(schema).reduce<number>(
    (sum, { field }) => sum + COST.field + partCost(field.schema),
    COST.struct,
  );
  return (r, node, context, into) => {
    r.budget.charge(cost);
    const nodes = nodesOf(r, node);
    const value = typeof into === "object" && into !== null ? into : {};
    if (isFlat) makePointers(value, parts, nodes);
    for (const [i, part] of parts.entries()) {
      const holder = isFlat ? makeHolder(value, part.through, false) : value;
      if (holder === undefined) continue;
      const isMerged = value === into && (holder === value || Object.hasOwn(holder, part.key));
      if (isMerged && nodes[i] === undefined) continue;
      readField(holder, part, r, nodes[i] ?? null, context);
    }
    return value;
  };
}

function makePointers(value: object, parts: readonly Part[], nodes: readonly unknown[]): void {
  for (const [i, { through }] of parts.entries()) {
    if (nodes[i] !== undefined && nodes[i] !== null) makeHolder(value, through, true);
  }
}

/** Go's `struct{}`: the fields are not looked at. */
const emptyReader =
  (schema: KnownStruct): Read =>
  (r, node) => {
    const isList = Array.isArray(node) && r.hasArrayStructs;
    if (node !== null && !isList) entriesOf(schema, r, node);
  };

/** Finds the node of each part; undefined for a field that the peer left out. */
function fieldMatcher(
  schema: KnownStruct,
  parts: readonly Part[],
): (r: PlainReader, node: unknown) => unknown[] {
  const exact = new Map<string | undefined, number>();
  const folded = new Map<string | undefined, number>();
  const visible: number[] = [];
  for (const [i, { go, isVisible }] of parts.entries()) {
    if (!isVisible) continue;
    exact.set(go, i);
    folded.set(go.toLowerCase(), i);
    visible.push(i);
  }
  return (r, node) => {
    const nodes = new Array<unknown>(parts.length);
    if (node === null) return nodes;
    if (Array.isArray(node) && r.hasArrayStructs) {
      for (const [at, i] of visible.entries()) nodes[i] = node[at];
      return nodes;
    }
    for (const [key, item] of entriesOf(schema, r, node)) {
      const name = r.text(key);
      const i = exact.get(name) ?? (r.foldsCase ? folded.get(name?.toLowerCase()) : undefined);
      if (i !== undefined && !(r.layer === "json" && parts[i]?.isAmbiguous)) nodes[i] = item;
    }
    return nodes;
  };
}

const entriesOf = (schema: KnownStruct, r: PlainReader, node: unknown) =>
  r.entries(node) ?? failNode(schema.name || "struct", node);

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
