/**
 * Compiles schemas to encoders, once each. An encoder is a tree of closures that only look at values. The parts
 * of the compiler get it as an argument and do not import it.
 */
import { CompiledSchemas, unready } from "../../schema/compiled.js";
import type { AnySchema } from "../../schema/index.js";
import { type BareSchema, bare } from "../../schema/known.js";
import { baseType, failUnknown, goType } from "../type/go-type.js";
import { codecEncoder, mapEncoder, marshalerEncoder, optionalEncoder } from "./encode-composite.js";
import { interfaceEncoder } from "./encode-interface.js";
import { knownTypesEncoder } from "./encode-known-types.js";
import { arrayEncoder, byteListEncoder, sliceEncoder } from "./encode-list.js";
import { scalarEncoder } from "./encode-scalar.js";
import { structEncoder } from "./encode-struct.js";
import type { TopEncoder, ValueEncoder } from "./value-encoder.js";

const tops = new WeakMap<AnySchema, TopEncoder>();

/** The encoder of a whole value. It is kept by schema, because every message asks for it. */
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

const encoders = new CompiledSchemas<ValueEncoder>(
  () => ({ write: unready, writeField: unready, writeZero: unready }),
  (encoder, schema) => {
    if (schema.kind === "struct") structEncoder(encoder, schema, compileEncoder);
    else Object.assign(encoder, compile(schema));
  },
);

/** The encoder of a schema. */
export const compileEncoder = (schema: AnySchema): ValueEncoder => encoders.of(schema);

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
      return "types" in schema
        ? knownTypesEncoder(schema, topEncoder)
        : interfaceEncoder(topEncoder);
    case "optional":
      return optionalEncoder(schema, compileEncoder(schema.elem));
    case "slice": {
      const elem = compileEncoder(schema.elem);
      return goType(schema).kind === "bytes" ? byteListEncoder : sliceEncoder(schema, elem);
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
