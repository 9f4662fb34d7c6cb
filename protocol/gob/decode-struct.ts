import type { AnySchema } from "../schema/index.js";
import type { Decode } from "./compile-decoder.js";
import { at, fail } from "./failure.js";
import { type KnownStruct, type StructField, structFields } from "./known-schema.js";
import type { MessageReader } from "./message-reader.js";
import { failOutOfBounds, type WireType } from "./wire-type.js";
import { hasConstantZero, setKey, type Zero, zeroOf } from "./zero.js";

type CompileField = (schema: AnySchema, name: string, id: number) => Decode;

/** What a field of the peer's struct means here. */
interface Step {
  readonly name: string;
  readonly id: number;
  readonly key: string;
  /** Undefined for a field that the schema lacks. */
  readonly decode: Decode | undefined;
  /** Makes the zero where the field is left out; undefined where the new object has it already. */
  readonly zero: Zero | undefined;
}

/** [GOB-13] Fields by number on the wire, by name in the schema; the rest is skipped or zero. */
export function structDecoder(schema: KnownStruct, wire: WireType, part: CompileField): Decode {
  const fields = structFields(schema);
  const steps = toSteps(fields, wire, part);
  if (schema.empty === true) return skipStruct(steps);
  const create = creator(fields, new Set(steps.map(({ key }) => key)));
  return (r, into) => {
    const isNew = into === undefined || into === null;
    const out = (isNew ? create(r.context) : into) as Record<string, unknown>;
    let field = -1;
    r.enter();
    try {
      for (;;) {
        const delta = r.uint();
        const next = delta === 0 ? steps.length : field + delta;
        if (isNew) addZeros(out, steps, field + 1, Math.min(next, steps.length), r.context);
        if (delta === 0) break;
        field = next;
        const step = steps[field];
        if (step === undefined) return failOutOfBounds(r);
        if (step.decode === undefined) skipField(r, step.id);
        else setKey(out, step.key, step.decode(r, isNew ? undefined : ownKey(out, step.key)));
      }
    } catch (error) {
      throw at(error, `.${steps[field]?.name ?? `field ${field}`}`);
    }
    r.depth--;
    return out;
  };
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
    if (field === undefined) return { name, id, key: "", decode: undefined, zero: undefined };
    const isMade = field.isOptional || hasConstantZero(field.schema);
    const zero = isMade ? undefined : zeroOf(field.schema);
    return { name, id, key: field.key, decode: part(field.schema, name, id), zero };
  });
}

/**
 * Makes the object with all its keys in the schema's order. What costs something to make, or runs
 * user code, waits until the field is known to be absent.
 */
function creator(fields: readonly StructField[], onWire: ReadonlySet<string>): Zero {
  const parts = fields
    .filter((field) => !field.isOptional)
    .map(({ key, schema }) => {
      const isLate = onWire.has(key) && !hasConstantZero(schema);
      return { key, zero: isLate ? undefined : zeroOf(schema) };
    });
  return (context) => {
    const out = {};
    for (const { key, zero } of parts) setKey(out, key, zero?.(context));
    return out;
  };
}

function addZeros(out: object, steps: readonly Step[], from: number, to: number, context: unknown) {
  for (let i = from; i < to; i++) {
    const { key, zero } = steps[i] as Step;
    if (zero !== undefined) setKey(out, key, zero(context));
  }
}

const ownKey = (out: object, key: string): unknown =>
  Object.hasOwn(out, key) ? (out as Record<string, unknown>)[key] : undefined;

/** Any struct fits Go's `struct{}`. */
function skipStruct(steps: readonly Step[]): Decode {
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

function skipField(r: MessageReader, id: number): void {
  const type = r.types.get(id);
  if (type !== undefined) {
    r.skip(type);
    return;
  }
  const text = `gob: bad data: undefined type ${id}`;
  fail("corrupt", text, { offset: r.offset, isGoText: true });
}
