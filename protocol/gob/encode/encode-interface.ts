import { type AnySchema, bool, bytes, string, type TypedValue } from "../../schema/index.js";
import { bare, type KnownCodec, type KnownOptional } from "../../schema/known.js";
import { at, fail, shapeOf } from "../failure.js";
import { spell } from "../type/go-name.js";
import { baseType, goType } from "../type/go-type.js";
import type { TopEncoder, ValueEncoder } from "./compile-encoder.js";
import type { EncodeState } from "./encode-state.js";

/** Handed in, because compilers and interfaces need each other. */
type TopOf = (schema: AnySchema) => TopEncoder;

/** [GOB-25] A Go interface: a nil, or a value with the name of its type. */
export function interfaceEncoder(topOf: TopOf): ValueEncoder {
  const write = (e: EncodeState, value: unknown): void => {
    if (value === null || value === undefined) e.byte(0);
    else {
      const typed = toTyped(value);
      writeTyped(e, topOf, typed.schema, typed.value);
    }
  };
  return {
    write,
    writeField(e, value, delta) {
      if (value === null || value === undefined) return false;
      e.uint(delta);
      write(e, value);
      return true;
    },
  };
}

interface Typed {
  readonly schema: AnySchema;
  readonly value: unknown;
}

/** The few JavaScript values that have only one Go type, and what says its own. */
function toTyped(value: unknown): Typed {
  if (typeof value === "string") return { schema: string(), value };
  if (typeof value === "boolean") return { schema: bool(), value };
  if (ArrayBuffer.isView(value)) return { schema: bytes(), value };
  if (isTyped(value)) return value;
  const hint =
    typeof value === "number" || typeof value === "bigint"
      ? `a number must say its Go type: gob.value(gob.int32(), ${value})`
      : "want null, a boolean, a string, a Uint8Array or gob.value(schema, value)";
  return fail("bad-value", `${hint}; got ${shapeOf(value)}`, { typeName: "interface {}" });
}

function isTyped(value: unknown): value is TypedValue {
  if (typeof value !== "object" || value === null) return false;
  const { kind, schema } = value as { kind?: unknown; schema?: { kind?: unknown } };
  return kind === "value" && typeof schema?.kind === "string";
}

function writeTyped(e: EncodeState, topOf: TopOf, schema: AnySchema, value: unknown): void {
  const top = topOf(schema);
  if (!top.isIndirect) {
    writeNamed(e, schema, top, top.encoder, value);
    return;
  }
  const below = throughPointers(schema, value, e.context);
  const { encoder } = topOf(below.schema);
  // An interface in an interface is the same interface to Go.
  if (below.schema.kind === "interface") encoder.write(e, below.value);
  else writeNamed(e, schema, top, encoder, below.value);
}

/** The name, the type and the value with its length. */
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

/** What is to be written in the end: codecs may stand for interfaces and for nil. */
function throughPointers(schema: AnySchema, value: unknown, context: unknown): Typed {
  let typed: Typed = { schema: bare(schema), value };
  for (;;) {
    const { kind } = typed.schema;
    if (kind === "optional") {
      if (typed.value === undefined || typed.value === null) failNil(schema);
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
