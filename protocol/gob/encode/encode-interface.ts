/** Encodes Go interfaces [GOB-25]: nil, or a value with the name of its type, its type id and its length. */
import { type AnySchema, bool, bytes, string } from "../../schema/index.js";
import { isTypedValue } from "../../schema/interface.js";
import { bare, type KnownCodec, type KnownOptional } from "../../schema/known.js";
import { at, fail, shapeOf } from "../failure.js";
import { baseType, goType } from "../type/go-type.js";
import { spell } from "../type/spell.js";
import type { EncodeState } from "./encode-state.js";
import { isNil, type TopEncoder, unless, type ValueEncoder } from "./value-encoder.js";

type TopOf = (schema: AnySchema) => TopEncoder;

/** @param topOf - the compiler. Only the value says which schema is behind the interface. */
export const interfaceEncoder = (topOf: TopOf): ValueEncoder =>
  unless(
    isNil,
    (e, value) => {
      if (isNil(value)) e.byte(0);
      else {
        const typed = toTyped(value);
        writeTyped(e, topOf, typed.schema, typed.value);
      }
    },
    null,
  );

interface Typed {
  readonly schema: AnySchema;
  readonly value: unknown;
}

/** A value with its schema: the few JavaScript values of one Go type only, and those that say their type. */
function toTyped(value: unknown): Typed {
  if (typeof value === "string") return { schema: string(), value };
  if (typeof value === "boolean") return { schema: bool(), value };
  if (ArrayBuffer.isView(value)) return { schema: bytes(), value };
  if (isTypedValue(value)) return value;
  const hint =
    typeof value === "number" || typeof value === "bigint"
      ? `a number must say its Go type: gob.value(gob.int32(), ${value})`
      : "want null, a boolean, a string, a Uint8Array or gob.value(schema, value)";
  return fail("bad-value", `${hint}; got ${shapeOf(value)}`, { typeName: "interface {}" });
}

/** Sends the name and type id of `schema`, and the bytes of the value behind its pointers and codecs. */
function writeTyped(e: EncodeState, topOf: TopOf, schema: AnySchema, value: unknown): void {
  const top = topOf(schema);
  if (!top.isIndirect) {
    writeNamed(e, schema, top, top.encoder, value);
    return;
  }
  const below = throughPointers(schema, value, e.context);
  const { encoder } = topOf(below.schema);
  // To Go an interface in an interface is the inner one.
  if (below.schema.kind === "interface") encoder.write(e, below.value);
  else writeNamed(e, schema, top, encoder, below.value);
}

/**
 * The order matters. `define` may close the open message or piece and begin the next one [GOB-26]. The length
 * of the value must therefore be begun after it.
 */
function writeNamed(
  e: EncodeState,
  schema: AnySchema,
  { type, isStruct }: TopEncoder,
  encoder: ValueEncoder,
  value: unknown,
): void {
  e.string(e.registry.nameOf(schema));
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

/** Follows pointers and codecs to the value that is written. A codec may make an interface or a nil. */
function throughPointers(schema: AnySchema, value: unknown, context: unknown): Typed {
  let typed: Typed = { schema: bare(schema), value };
  for (;;) {
    const { kind } = typed.schema;
    if (kind === "optional") {
      if (isNil(typed.value)) failNil(schema);
      typed = { schema: bare((typed.schema as KnownOptional).elem), value: typed.value };
    } else if (kind === "codec") {
      const { wire, encode } = typed.schema as KnownCodec;
      typed = { schema: bare(wire), value: encode(typed.value, context) };
    } else return typed;
  }
}

function failNil(schema: AnySchema): never {
  const name = spell(goType(schema));
  const text = `gob: gob: cannot encode nil pointer of type ${name} inside interface`;
  return fail("bad-value", text, { isGoText: true, typeName: name });
}
