/** A schema and a peer's struct, matched field by field. The loop over fields and the generated code both follow this plan. */
import { COST } from "../../bytes/cost.js";
import type { StructField } from "../../schema/fields.js";
import type { AnySchema } from "../../schema/index.js";
import type { KnownStruct } from "../../schema/known.js";
import { type Selected, selectorsOf } from "../../schema/selectors.js";
import { at, fail } from "../failure.js";
import { shortName } from "../type/go-name.js";
import { isExported, structFields, valueFields } from "../type/struct-fields.js";
import type { WireType } from "../type/wire-type.js";
import { hasConstantZero, type Zero, zeroOf } from "../type/zero.js";
import { failUndefinedType } from "./bad-data.js";
import type { DecodeState } from "./decode-state.js";
import { fieldCost, zeroCost } from "./part-cost.js";
import { skipValue } from "./skipper.js";
import type { ValueDecoder } from "./value-decoder.js";

/** What to do with a field of the peer's struct. */
export interface Step {
  /** The name in Go. */
  readonly name: string;
  /** The id of its wire type. */
  readonly id: number;
  /** The field of the schema. Undefined if the schema lacks it; it is skipped then. */
  readonly field: StructField | undefined;
  /** [GOB-47] The embedded structs in which a promoted field stands, from the outside in. Empty for the struct's own. */
  readonly through: readonly StructField[];
  /** [GOB-47] Whether the value goes into the one that is there, which promoted fields may have filled before. */
  readonly isMerged: boolean;
  /** Reads the value. Undefined together with `field`. */
  readonly decoder: ValueDecoder | undefined;
  /** Makes the zero if the field is absent. Undefined if the new object has the zero from the start. */
  readonly zero: Zero | undefined;
  /** [GOB-33] Memory to count when the field arrives: for a key that the new object does not have. */
  readonly cost: number;
  /** [GOB-33] The memory of the zero that {@link Step.zero} makes. */
  readonly zeroCost: number;
}

/** A key that a new object has in any case. */
export interface NewKey {
  /** The field of the schema. */
  readonly field: StructField;
  /** Makes the zero that the new object has. Undefined if {@link Step.zero} makes it later. */
  readonly zero: Zero | undefined;
}

/** What to do with all fields of a struct. */
export interface StructPlan {
  /** By field number of the peer's struct. */
  readonly steps: readonly Step[];
  /** In the schema's order, without optional keys. Objects get their keys in this order, whatever arrives. */
  readonly keys: readonly NewKey[];
  /** Whether any step fills a promoted field. This is seldom, and left to the loop over the plan. */
  readonly hasPromoted: boolean;
}

/** Compiles the decoder of a field. @param id - of its wire type. */
export type CompileField = (schema: AnySchema, name: string, id: number) => ValueDecoder;

/** [GOB-23] Matches the fields by name. */
export function planStruct(
  schema: KnownStruct,
  wire: WireType,
  compileField: CompileField,
): StructPlan {
  const steps = toSteps(schema, wire, compileField);
  const hasPromoted = steps.some(({ through }) => through.length > 0);
  return { steps, keys: toKeys(valueFields(schema), steps), hasPromoted };
}

function toSteps(schema: KnownStruct, wire: WireType, compile: CompileField): Step[] {
  const local = new Map(structFields(schema).map((field) => [field.go, field]));
  const promoted = promotedFields(schema, wire);
  // [GOB-23] Of two fields with one name the last counts. The first is skipped.
  const last = new Map(wire.fields.map(({ name }, i) => [name, i]));
  return wire.fields.map(({ name, id }, i) => {
    if (name === "") {
      const text = `gob: empty name for remote field of type ${shortName(wire.name)}`;
      fail("corrupt", text, { isGoText: true });
    }
    const through = promoted.get(name)?.through ?? [];
    const found = promoted.get(name)?.field ?? local.get(name);
    const field = last.get(name) === i ? found : undefined;
    if (field === undefined) return { ...SKIP, name, id };
    // Promoted fields need the struct that embeds them from the start.
    const isMerged = promoted.size > 0 && (through.length > 0 || field.isEmbedded);
    const isMade = isMerged || field.isOptional || hasConstantZero(field.schema);
    const zero = isMade ? undefined : zeroOf(field.schema);
    return {
      name,
      id,
      field,
      through,
      isMerged,
      decoder: compile(field.schema, name, id),
      zero,
      cost: field.isOptional ? fieldCost(field) : 0,
      zeroCost: zero === undefined ? 0 : zeroCost(field.schema),
    };
  });
}

/** The step of a field that the schema lacks. */
const SKIP = {
  field: undefined,
  through: [],
  isMerged: false,
  decoder: undefined,
  zero: undefined,
  cost: 0,
  zeroCost: 0,
} as const;

/** [GOB-47] The peer's fields that the struct has in the structs it embeds, by name. */
function promotedFields(schema: KnownStruct, wire: WireType): ReadonlyMap<string, Selected> {
  const promoted = new Map<string, Selected>();
  if (!valueFields(schema).some(({ isEmbedded }) => isEmbedded)) return promoted;
  const selectors = selectorsOf(schema);
  for (const { name } of wire.fields) {
    const selected = selectors.get(name);
    if (selected === undefined || selected.isAmbiguous || selected.through.length === 0) continue;
    if (isExported(name)) promoted.set(name, selected);
  }
  return promoted;
}

/** A zero that is made for each value, or by a codec, is not made before the field is known to be absent. */
function toKeys(fields: readonly StructField[], steps: readonly Step[]): NewKey[] {
  const late = new Set(steps.filter(({ zero }) => zero !== undefined).map(({ field }) => field));
  return fields
    .filter((field) => !field.isOptional)
    .map((field) => ({ field, zero: late.has(field) ? undefined : zeroOfMissing(field) }));
}

/** The zero of a field that the peer's struct lacks. An error in it says which field. */
function zeroOfMissing({ go, schema }: StructField): Zero {
  const zero = zeroOf(schema);
  if (hasConstantZero(schema)) return zero;
  return (context) => {
    try {
      return zero(context);
    } catch (error) {
      throw at(error, `.${go}`);
    }
  };
}

/** [GOB-33] The memory of the object. Its keys count whether they were sent or not. */
export const structCost = ({ keys }: StructPlan): number =>
  keys.reduce<number>((sum, { field, zero }) => {
    const made = zero === undefined ? 0 : zeroCost(field.schema);
    return sum + fieldCost(field) + made;
  }, COST.struct);

/** The error to throw on, for one that came out of field number `field`. */
export const atField = (error: unknown, steps: readonly Step[], field: number): unknown =>
  at(error, `.${shortName(steps[field]?.name ?? `field ${field}`)}`);

/** [GOB-30] Reads past a field that the schema lacks. @param id - of its wire type. */
export function skipField(r: DecodeState, id: number): void {
  const type = r.types.get(id) ?? failUndefinedType(r, id);
  if (type.kind === "string") r.skipBytes("string");
  else skipValue(r, type);
}
