/** [GOB-33] What values take in memory, as far as their schema tells it. See `protocol/bytes/cost.ts`. */
import { COST } from "../../bytes/cost.js";
import type { StructField } from "../../schema/fields.js";
import type { AnySchema } from "../../schema/index.js";
import { type BareSchema, bare } from "../../schema/known.js";
import { belowPointers } from "../type/go-type.js";
import { valueFields } from "../type/struct-fields.js";

/** By the form in JavaScript. Most integers of the form `safe` are no bigints. */
const INTEGER = { number: COST.int, safe: COST.boxed, bigint: COST.text } as const;

/**
 * What a value takes beside the place in which it stands. Composites and bytes count themselves when they are read, and
 * are 0 here.
 */
export function partCost(of: AnySchema): number {
  const schema = belowPointers(of);
  switch (schema.kind) {
    case "int":
    case "uint":
      return INTEGER[schema.as];
    case "float":
      return COST.boxed;
    case "string":
      return COST.text;
    case "codec":
      return COST.struct + partCost(schema.wire);
    default:
      return 0;
  }
}

/** What an element takes in its list. Lists of numbers hold doubles that are not boxed. */
export function elementCost(schema: BareSchema, isNumberList: boolean): number {
  return COST.place + (isNumberList ? 0 : partCost(schema));
}

/** What a field takes in its object. */
export const fieldCost = ({ schema }: StructField): number => COST.field + partCost(schema);

const zeroCosts = new WeakMap<AnySchema, number>();

/** What the zero of a schema takes, if it is made for each value. `zeroOf` has refused schemas whose zero has no end. */
export function zeroCost(of: AnySchema): number {
  let cost = zeroCosts.get(of);
  if (cost === undefined) {
    cost = measureZero(bare(of));
    zeroCosts.set(of, cost);
  }
  return cost;
}

function measureZero(schema: BareSchema): number {
  switch (schema.kind) {
    case "complex":
      return COST.complex;
    case "bytes":
    case "rawString":
    case "marshaler":
      return COST.bytes;
    case "slice":
      return COST.list;
    case "map":
      return COST.map;
    case "array":
      return COST.list + schema.length * (COST.place + zeroCost(schema.elem));
    case "struct":
      return valueFields(schema)
        .filter((field) => !field.isOptional)
        .reduce<number>((sum, field) => sum + COST.field + zeroCost(field.schema), COST.struct);
    case "codec":
      return COST.struct + zeroCost(schema.wire);
    default:
      return 0;
  }
}
