/** Encodes Go interfaces [GOB-25]: nil, or a value with the name of its type, its type id and its length. */
import type { AnySchema } from "../../schema/index.js";
import { isTypedValue } from "../../schema/interface.js";
import { typeOf } from "../../schema/js-type.js";
import { bare, type KnownCodec, type KnownOptional } from "../../schema/known.js";
import { at, fail, shapeOf } from "../failure.js";
import { baseType, goType } from "../type/go-type.js";
import { isNilPointer } from "../type/nil-pointer.js";
import { spell } from "../type/spell.js";
import type { EncodeState } from "./encode-state.js";
import { isNil, type TopEncoder, unless, type ValueEncoder } from "./value-encoder.js";

/** The compiler, for whole values. Only the value says which schema is behind the interface. */
export type TopOf = (schema: AnySchema) => TopEncoder;

/** Encodes an interface of any type. */
export const interfaceEncoder = (topOf: TopOf): ValueEncoder =>
  unless(
    isNil,
    (e, value) => {
      if (isNil(value)) e.byte(0);
      else {
        const { schema, value: of } = toTyped(value);
        writeTyped(e, topOf, { schema, value: of, name: undefined });
      }
    },
    null,
  );

/** A value with its schema. */
interface Typed {
  readonly schema: AnySchema;
  readonly value: unknown;
}

/** [GOB-53] A value with its schema: its own if it says it, else the one that the value's kind suggests. */
function toTyped(value: unknown): Typed {
  // Bytes go first, because asking them for properties is slow.
  if (!ArrayBuffer.isView(value) && isTypedValue(value)) return value;
  const schema = typeOf(value);
  if (schema !== undefined) return { schema, value };
  const text = `no rule for the Go type; use gob.value(schema, value); got ${shapeOf(value)}`;
  return fail("bad-value", text, { typeName: "interface {}" });
}

/** A value with its schema and the name to send. If the name is undefined, the registry has it. */
export interface Named extends Typed {
  readonly name: string | undefined;
}

/** Sends the name and type id of a schema, and the bytes of the value behind its pointers and codecs. */
export function writeTyped(e: EncodeState, topOf: TopOf, typed: Named): void {
  const top = topOf(typed.schema);
  if (!top.isIndirect) {
    writeNamed(e, typed, top, top.encoder, typed.value);
    return;
  }
  const below = throughPointers(typed.schema, typed.value, e.context);
  const { encoder } = topOf(below.schema);
  // To Go an interface in an interface is the inner one.
  if (below.schema.kind === "interface" && !below.isPointer) encoder.write(e, below.value);
  else writeNamed(e, typed, top, encoder, below.value);
}

/**
 * The order matters. `define` may close the open message or piece and begin the next one [GOB-26]. The length
 * of the value must therefore be begun after it.
 */
function writeNamed(
  e: EncodeState,
  { schema, name }: Named,
  { type, isStruct }: TopEncoder,
  encoder: ValueEncoder,
  value: unknown,
): void {
  e.string(name ?? e.registry.nameOf(schema));
  e.int(e.define(type));
  e.openPiece();
  // [GOB-7]
  if (!isStruct) e.byte(0);
  e.enter();
  try {
    encoder.write(e, value);
  } catch (error) {
    throw at(error, `.(${spell(baseType(type))})`);
  }
  e.depth--;
  e.closePiece();
}

/** What pointers and codecs lead to. */
interface Target extends Typed {
  /** Whether a pointer was on the way. */
  readonly isPointer: boolean;
}

/** Follows pointers and codecs to the value that is written. A codec may make an interface or a nil. */
function throughPointers(schema: AnySchema, value: unknown, context: unknown): Target {
  let target: Target = { schema: bare(schema), value, isPointer: false };
  for (;;) {
    const { kind } = target.schema;
    if (kind === "optional") {
      const { elem } = target.schema as KnownOptional;
      if (isNilPointer(elem, target.value)) failNil(schema);
      target = { schema: bare(elem), value: target.value, isPointer: true };
    } else if (kind === "codec") {
      const { wire, encode } = target.schema as KnownCodec;
      target = { ...target, schema: bare(wire), value: encode(target.value, context) };
    } else return target;
  }
}

function failNil(schema: AnySchema): never {
  const name = spell(goType(schema));
  const text = `gob: gob: cannot encode nil pointer of type ${name} inside interface`;
  return fail("bad-value", text, { isGoText: true, typeName: name });
}
