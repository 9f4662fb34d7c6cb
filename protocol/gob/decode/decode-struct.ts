import type { StructField } from "../../schema/fields.js";
import type { AnySchema } from "../../schema/index.js";
import { setKey } from "../../schema/keys.js";
import type { KnownStruct } from "../../schema/known.js";
import { fail } from "../failure.js";
import { HOT_CALLS } from "../generate.js";
import { structFields } from "../type/struct-fields.js";
import { failOutOfBounds, type WireType } from "../type/wire-type.js";
import type { Read, ValueDecoder } from "./compile-decoder.js";
import { generateStructReader } from "./generate-reader.js";
import type { MessageReader } from "./message-reader.js";
import {
  atField,
  type NewKey,
  type Step,
  type StructPlan,
  skipField,
  structCost,
} from "./struct-plan.js";
import { hasConstantZero, zeroOf } from "./zero.js";

type CompileField = (schema: AnySchema, name: string, id: number) => ValueDecoder;

/**
 * [GOB-13] Fields by number on the wire, by name in the schema; the rest is skipped or zero. Completes
 * `decoder`, and again with generated code when it has proved to be used much.
 */
export function structDecoder(
  decoder: ValueDecoder,
  schema: KnownStruct,
  wire: WireType,
  part: CompileField,
): void {
  const fields = structFields(schema);
  const steps = toSteps(fields, wire, part);
  if (schema.empty === true) {
    decoder.read = emptyReader(steps);
    return;
  }
  const plan: StructPlan = { steps, keys: toKeys(fields, steps) };
  decoder.read = planReader(plan, (interpret) => {
    decoder.read = generateStructReader(plan, interpret) ?? interpret;
  });
}

function toSteps(fields: readonly StructField[], wire: WireType, part: CompileField): Step[] {
  const local = new Map(fields.map((field) => [field.go, field]));
  // [GOB-23] Of two fields with one name the last wins, and the first is as good as unknown.
  const last = new Map(wire.fields.map(({ name }, i) => [name, i]));
  return wire.fields.map(({ name, id }, i) => {
    if (name === "") {
      const text = `gob: empty name for remote field of type ${wire.name}`;
      fail("corrupt", text, { isGoText: true });
    }
    const field = last.get(name) === i ? local.get(name) : undefined;
    if (field === undefined) return { name, id, field, decoder: undefined, zero: undefined };
    const isMade = field.isOptional || hasConstantZero(field.schema);
    const zero = isMade ? undefined : zeroOf(field.schema);
    return { name, id, field, decoder: part(field.schema, name, id), zero };
  });
}

/** What costs something to make, or runs user code, waits until the field is known to be absent. */
function toKeys(fields: readonly StructField[], steps: readonly Step[]): NewKey[] {
  const late = new Set(steps.filter(({ zero }) => zero !== undefined).map(({ field }) => field));
  return fields
    .filter((field) => !field.isOptional)
    .map((field) => ({ field, zero: late.has(field) ? undefined : zeroOf(field.schema) }));
}

/** @param whenHot - called once, when the struct has been read many times. */
function planReader(plan: StructPlan, whenHot: (interpret: Read) => void): Read {
  const { steps, keys } = plan;
  const cost = structCost(plan);
  const create = (context: unknown): object => {
    const out = {};
    for (const { field, zero } of keys) setKey(out, field.key, zero?.(context));
    return out;
  };
  let calls = 0;
  return function interpret(r, into) {
    if (++calls === HOT_CALLS) whenHot(interpret);
    // Before anything is made.
    r.enter();
    r.charge(cost);
    const isNew = into === undefined || into === null;
    const out = isNew ? create(r.context) : (into as object);
    let field = -1;
    try {
      for (;;) {
        const delta = r.uint();
        const next = delta === 0 ? steps.length : field + delta;
        if (isNew) addZeros(out, steps, field + 1, next, r.context);
        if (delta === 0) break;
        field = next;
        readField(r, steps[field], out, isNew);
      }
    } catch (error) {
      throw atField(error, steps, field);
    }
    r.depth--;
    return out;
  };
}

function readField(r: MessageReader, step: Step | undefined, out: object, isNew: boolean): void {
  if (step === undefined) failOutOfBounds(r);
  const { decoder, field } = step;
  if (decoder === undefined || field === undefined) skipField(r, step.id);
  else setKey(out, field.key, decoder.read(r, isNew ? undefined : ownKey(out, field.key)));
}

/** The zeros of fields that the peer left out: those between two that it sent. */
function addZeros(
  out: object,
  steps: readonly Step[],
  from: number,
  to: number,
  context: unknown,
): void {
  const end = Math.min(to, steps.length);
  for (let i = from; i < end; i++) {
    const { zero, field } = steps[i] as Step;
    if (zero !== undefined && field !== undefined) setKey(out, field.key, zero(context));
  }
}

const ownKey = (out: object, key: string): unknown =>
  Object.hasOwn(out, key) ? (out as Record<string, unknown>)[key] : undefined;

/** Any struct fits Go's `struct{}`. */
function emptyReader(steps: readonly Step[]): Read {
  return (r) => {
    let field = -1;
    for (;;) {
      const delta = r.uint();
      if (delta === 0) return undefined;
      field += delta;
      skipField(r, steps[field]?.id ?? failOutOfBounds(r));
    }
  };
}
