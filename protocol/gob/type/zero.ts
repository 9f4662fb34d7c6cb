/** The values of struct fields that the peer left out because they were zero. */
import { Failure } from "../../schema/failure.js";
import type { AnySchema, Out } from "../../schema/index.js";
import { setKey } from "../../schema/keys.js";
import {
  type BareSchema,
  bare,
  type KnownCodec,
  type KnownMap,
  type KnownStruct,
  type KnownTypes,
} from "../../schema/known.js";
import { failNilInterface } from "../../schema/known-types.js";
import { markNil } from "../../schema/nil.js";
import { asFailure, at, fail, publicly } from "../failure.js";
import { failUnknown } from "./go-type.js";
import { valueFields } from "./struct-fields.js";

/** Makes the zero of a schema. Codecs run, and get the context of the value being decoded. */
export type Zero = (context: unknown) => unknown;

const zeros = new WeakMap<AnySchema, Zero>();
/** Schemas whose zero is being compiled. A struct that meets itself here would have an endless zero. */
const isOpen = new WeakSet<AnySchema>();

/**
 * The zero value of a schema, as a receiver gets it: a struct with every key, optional ones excepted. For a value that
 * differs from the zero in a few fields: `{ ...zero(Job), Name: "x" }`. Each call makes new objects.
 *
 * @throws CodecError `bad-value` for a schema without a zero: a struct that contains itself, something lent, an interface
 *   of known types that is not optional. Go: `new(T)`.
 */
export const zero = <S extends AnySchema>(schema: S): Out<S> =>
  publicly(() => {
    try {
      return zeroOf(schema)(undefined);
    } catch (error) {
      throw ofSchema(asFailure(error));
    }
  }) as Out<S>;

/** The nil that is wrong did not come from a peer. The schema asks for it. */
function ofSchema(failure: Failure): Failure {
  if (failure.facts.reason !== "nil") return failure;
  const { typeName = "" } = failure.facts;
  const own = new Failure("bad-value", `no zero for ${typeName}; use optional`, { typeName });
  own.path.push(...failure.path);
  return own;
}

/** [GOB-17] Makes the value of a field that was left out. Each value gets lists, maps and structs of its own. */
export function zeroOf(schema: AnySchema): Zero {
  const known = zeros.get(schema);
  if (known !== undefined) return known;
  if (isOpen.has(schema)) fail("bad-value", "struct contains itself; use optional, slice or map");
  isOpen.add(schema);
  try {
    const zero = compile(bare(schema));
    zeros.set(schema, zero);
    return zero;
  } finally {
    isOpen.delete(schema);
  }
}

function compile(schema: BareSchema): Zero {
  switch (schema.kind) {
    case "bool":
      return constant(false);
    case "int":
    case "uint":
      return constant(schema.as === "bigint" ? 0n : 0);
    case "float":
      return constant(0);
    case "string":
      return constant("");
    case "optional":
      return constant(undefined);
    case "interface":
      return "types" in schema ? zeroKnownTypes(schema) : constant(null);
    case "complex":
      return () => ({ re: 0, im: 0 });
    case "bytes":
    case "rawString":
      return () => new Uint8Array(0);
    case "slice":
      return () => [];
    case "map":
      return zeroMap(schema);
    case "array": {
      const elem = zeroOf(schema.elem);
      return (context) => Array.from({ length: schema.length }, () => elem(context));
    }
    case "struct":
      return zeroStruct(schema);
    case "codec":
      return zeroCodec(schema);
    case "marshaler":
      return () => schema.zero();
    default:
      return failUnknown(schema);
  }
}

const constant =
  (value: unknown): Zero =>
  () =>
    value;

/** [GOB-46] Go's zero map is nil. */
const zeroMap = (schema: KnownMap): Zero =>
  schema.form === "map" ? () => markNil(new Map()) : () => markNil(Object.create(null));

function zeroCodec(schema: KnownCodec): Zero {
  const wire = zeroOf(schema.wire);
  return (context) => schema.decode(wire(context), context);
}

/** nil, which only fits where the user said so. */
function zeroKnownTypes(schema: KnownTypes): Zero {
  return schema.optional === true ? constant(undefined) : () => failNilInterface(schema);
}

/** Keys in the schema's order, without the optional ones. */
function zeroStruct(schema: KnownStruct): Zero {
  if (schema.empty === true) return constant(undefined);
  const parts = valueFields(schema)
    .filter((field) => !field.isOptional)
    .map(({ key, go, schema: of }) => ({ key, go, zero: zeroOf(of) }));
  return (context) => {
    const value = {};
    for (const { key, go, zero } of parts) {
      try {
        setKey(value, key, zero(context));
      } catch (error) {
        throw at(error, `.${go}`);
      }
    }
    return value;
  };
}

/** Whether the zero of a schema is one immutable value for all, which a new object can have from the start. */
export function hasConstantZero(schema: AnySchema): boolean {
  const known = bare(schema);
  return CONSTANT.has(known.kind) && !("types" in known);
}

const CONSTANT: ReadonlySet<string> = new Set([
  "bool",
  "int",
  "uint",
  "float",
  "string",
  "optional",
  "interface",
]);
