import type { AnySchema } from "../../schema/index.js";
import { type BareSchema, bare } from "../../schema/known.js";
import { fail } from "../failure.js";
import { baseType, failUnknown, type GoType, goType } from "../type/go-type.js";
import {
  arrayEncoder,
  byteArrayEncoder,
  codecEncoder,
  mapEncoder,
  marshalerEncoder,
  optionalEncoder,
  sliceEncoder,
} from "./encode-composite.js";
import { interfaceEncoder } from "./encode-interface.js";
import { scalarEncoder } from "./encode-scalar.js";
import type { EncodeState } from "./encode-state.js";
import { structEncoder } from "./encode-struct.js";

/**
 * How the values of one schema become bytes. Recursive schemas refer to it before it is complete, and
 * a faster way can take the place of the first one, so its methods are looked up when called.
 */
export interface ValueEncoder {
  /** Writes a value where it has to stand: zeros, too. */
  write(e: EncodeState, value: unknown): void;
  /** [GOB-15] Writes a struct field, unless it is left out; `delta` leads from the field before. */
  writeField(e: EncodeState, value: unknown, delta: number): boolean;
}

/** The encoder of a whole value: of a message, or behind an interface. The twin of `TopDecoder`. */
export interface TopEncoder {
  readonly encoder: ValueEncoder;
  readonly type: GoType;
  readonly isStruct: boolean;
  /** Pointers, codecs and interfaces stand for another value, which is what goes behind an interface. */
  readonly isIndirect: boolean;
}

const tops = new WeakMap<AnySchema, TopEncoder>();

/** What a whole value of a schema needs, looked up once. */
export function topEncoder(schema: AnySchema): TopEncoder {
  let top = tops.get(schema);
  if (top === undefined) {
    const encoder = compileEncoder(schema);
    const type = goType(schema);
    const isStruct = baseType(type).kind === "struct";
    top = { encoder, type, isStruct, isIndirect: INDIRECT.has(bare(schema).kind) };
    tops.set(schema, top);
  }
  return top;
}

const INDIRECT: ReadonlySet<string> = new Set(["optional", "codec", "interface"]);

const compiled = new WeakMap<AnySchema, ValueEncoder>();

/** The encoder of a schema, made once. */
export function compileEncoder(of: AnySchema): ValueEncoder {
  const schema = bare(of);
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const encoder: ValueEncoder = { write: unready, writeField: unready };
  compiled.set(schema, encoder);
  try {
    if (schema.kind === "struct") structEncoder(encoder, schema, compileEncoder);
    else Object.assign(encoder, compile(schema));
    return encoder;
  } catch (error) {
    compiled.delete(schema);
    throw error;
  }
}

const unready = (): never => fail("bad-value", "part of the schema was refused before");

function compile(schema: Exclude<BareSchema, { kind: "struct" }>): ValueEncoder {
  switch (schema.kind) {
    case "bool":
    case "int":
    case "uint":
    case "float":
    case "complex":
    case "string":
    case "bytes":
    case "rawString":
      return scalarEncoder(schema);
    case "interface":
      return interfaceEncoder(topEncoder);
    case "optional":
      return optionalEncoder(schema, compileEncoder(schema.elem));
    case "slice": {
      const elem = compileEncoder(schema.elem);
      return goType(schema).kind === "bytes" ? byteArrayEncoder : sliceEncoder(schema, elem);
    }
    case "array":
      return arrayEncoder(schema, compileEncoder(schema.elem));
    case "map":
      return mapEncoder(schema, compileEncoder(schema.key), compileEncoder(schema.elem));
    case "codec":
      return codecEncoder(schema, compileEncoder(schema.wire));
    case "marshaler":
      return marshalerEncoder(schema);
    default:
      return failUnknown(schema);
  }
}
