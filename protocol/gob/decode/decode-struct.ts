/**
 * Decoders of structs. Each begins as a loop over a plan. A struct that is read often gets code of its own, which
 * does the same faster (`generate-reader.ts`).
 */
import type { StructField } from "../../schema/fields.js";
import { setKey } from "../../schema/keys.js";
import type { KnownStruct } from "../../schema/known.js";
import { HOT_CALLS } from "../generate.js";
import { belowPointers } from "../type/go-type.js";
import type { WireType } from "../type/wire-type.js";
import { zeroOf } from "../type/zero.js";
import { failOutOfBounds } from "./bad-data.js";
import type { DecodeState } from "./decode-state.js";
import { generateStructReader } from "./generate-reader.js";
import { zeroCost } from "./part-cost.js";
import {
  atField,
  type CompileField,
  planStruct,
  type Step,
  type StructPlan,
  skipField,
  structCost,
} from "./struct-plan.js";
import type { Read, ValueDecoder } from "./value-decoder.js";

/** [GOB-13] Completes the decoder of a struct, and replaces its code when the struct has been read often. */
export function structDecoder(
  decoder: ValueDecoder,
  schema: KnownStruct,
  wire: WireType,
  compileField: CompileField,
): void {
  const plan = planStruct(schema, wire, compileField);
  if (schema.empty === true) {
    decoder.read = emptyReader(plan.steps);
    return;
  }
  decoder.read = planReader(plan, (interpret) => {
    decoder.read = generateStructReader(plan, interpret) ?? interpret;
  });
}

/** @param whenHot - called once, when the struct has been read {@link HOT_CALLS} times. */
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
    // Limits are checked before anything is made.
    r.enter();
    r.charge(cost);
    const isNew = into === undefined || into === null;
    const out = isNew ? create(r.context) : (into as object);
    let field = -1;
    try {
      for (;;) {
        const delta = r.uint();
        const next = delta === 0 ? steps.length : field + delta;
        // The field whose zero is made is the one that an error is about.
        while (++field < next && field < steps.length) {
          if (isNew) setZero(r, out, steps[field] as Step);
        }
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

function readField(r: DecodeState, step: Step | undefined, out: object, isNew: boolean): void {
  if (step === undefined) failOutOfBounds(r);
  const { decoder, field } = step;
  if (decoder === undefined || field === undefined) skipField(r, step.id);
  else {
    r.charge(step.cost);
    const target = step.through.length === 0 ? out : embeddedIn(r, out, step.through);
    const isFresh = isNew && !step.isMerged;
    const value = decoder.read(r, isFresh ? undefined : ownKey(target, field.key));
    // A codec may make undefined of what arrived. An optional key is then missing.
    if (value !== undefined || !field.isOptional) setKey(target, field.key, value);
    else if (!isFresh) Reflect.deleteProperty(target, field.key);
  }
}

/** [GOB-47] The struct in which a promoted field stands. A nil pointer on the way becomes one to a zero. */
function embeddedIn(r: DecodeState, out: object, through: readonly StructField[]): object {
  let target = out;
  for (const { key, schema } of through) {
    let next = ownKey(target, key);
    if (next === undefined) {
      const struct = belowPointers(schema);
      r.charge(zeroCost(struct));
      next = zeroOf(struct)(r.context);
      setKey(target, key, next);
    }
    target = next as object;
  }
  return target;
}

/** Adds the zero of a field that the peer left out. */
function setZero(r: DecodeState, out: object, { zero, field, zeroCost }: Step): void {
  if (zero === undefined || field === undefined) return;
  r.charge(zeroCost);
  setKey(out, field.key, zero(r.context));
}

const ownKey = (out: object, key: string): unknown =>
  Object.hasOwn(out, key) ? (out as Record<string, unknown>)[key] : undefined;

/** Go's `struct{}`, which any struct fits: all fields are skipped. */
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
