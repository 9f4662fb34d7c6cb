/**
 * Schemas as plain data, as codecs see them and as users can walk them: without the types `In` and `Out`, and with the
 * parts typed, which {@link AnySchema} does not show.
 */
import { CodecError } from "../errors.js";
import { schemaProblem } from "./check.js";
import type { RecordSchema } from "./composite.js";
import type { AnyValueSchema, DynamicSchema } from "./interface.js";
import type { MarshalerSchema } from "./marshaler.js";
import type { RegisteredType } from "./registered.js";
import type {
  BoolSchema,
  BytesSchema,
  ComplexSchema,
  FloatSchema,
  IntSchema,
  RawStringSchema,
  StringSchema,
  UintSchema,
} from "./scalar.js";
import type { AnySchema } from "./schema.js";

/** The schemas of Go's scalars, strings and bytes. */
export type KnownScalar =
  | BoolSchema
  | IntSchema<unknown>
  | UintSchema<unknown>
  | FloatSchema
  | ComplexSchema
  | StringSchema
  | BytesSchema
  | RawStringSchema;

/** All schemas, to switch on `kind`; {@link known} gives it. Parts such as `elem` are schemas to look at in the same way. */
export type KnownSchema =
  | KnownScalar
  | AnyValueSchema
  | DynamicSchema
  | KnownTypes
  | KnownSlice
  | KnownArray
  | KnownMap
  | KnownOptional
  | KnownLazy
  | KnownField
  | KnownEmbedded
  | KnownNamed
  | KnownStruct
  | KnownCodec
  | KnownMarshaler;

/** The schemas that decide a value's form: neither names nor references to other schemas. */
export type BareSchema = Exclude<KnownSchema, KnownLazy | KnownField | KnownEmbedded | KnownNamed>;

/** Made by `slice`. */
export interface KnownSlice {
  /** Which schema it is. */
  readonly kind: "slice";
  /** The type of its elements. */
  readonly elem: AnySchema;
}
/** Made by `array`. */
export interface KnownArray {
  /** Which schema it is. */
  readonly kind: "array";
  /** The type of its elements. */
  readonly elem: AnySchema;
  /** How many elements. */
  readonly length: number;
}
/** Made by `map` and `record`. */
export interface KnownMap {
  /** Which schema it is. */
  readonly kind: "map";
  /** Whether a value is a `Map` or a plain object. */
  readonly form: "map" | RecordSchema<AnySchema>["form"];
  /** The type of its keys. */
  readonly key: AnySchema;
  /** The type of its values. */
  readonly elem: AnySchema;
}
/** Made by `optional`. */
export interface KnownOptional {
  /** Which schema it is. */
  readonly kind: "optional";
  /** The type that the pointer points to. */
  readonly elem: AnySchema;
}
/** Made by `lazy`. */
export interface KnownLazy {
  /** Which schema it is. */
  readonly kind: "lazy";
  /** Makes or finds the schema that is meant. */
  readonly resolve: () => AnySchema;
}
/** Made by `field`. */
export interface KnownField {
  /** Which schema it is. */
  readonly kind: "field";
  /** The name in Go and on the wire. */
  readonly go: string;
  /** The field's type. */
  readonly schema: AnySchema;
}
/** Made by `embedded`. */
export interface KnownEmbedded {
  /** Which schema it is. */
  readonly kind: "embedded";
  /** The struct, or a pointer to it. */
  readonly schema: AnySchema;
}
/** Made by `named`. */
export interface KnownNamed {
  /** Which schema it is. */
  readonly kind: "named";
  /** As registered in Go. */
  readonly name: string;
  /** The type itself. */
  readonly schema: AnySchema;
}
/** Made by `struct` and `empty`. */
export interface KnownStruct {
  /** Which schema it is. */
  readonly kind: "struct";
  /** Go's name of the type; empty if it has none. */
  readonly name: string;
  /** By key; `fieldsOf` gives them as a list with their names in Go. */
  readonly fields: Readonly<Record<string, AnySchema>>;
  /** Go `struct{}`, which is `undefined` here. */
  readonly empty?: true;
}
/** Made by `registered` and `oneOf`. */
export interface KnownTypes {
  /** Which schema it is. */
  readonly kind: "interface";
  /** Whether a value says which type it is of. */
  readonly form: "registered" | "oneOf";
  /** The types that the interface may hold. */
  readonly types: readonly RegisteredType[];
  /** Go's name of the interface; empty for `interface {}`. */
  readonly go: string;
  /** nil only fits under `optional`. */
  readonly absent: null;
  /** Made by `optional`: it may be nil. */
  readonly optional?: true;
}
/** Made by `codec`. */
export interface KnownCodec {
  /** Which schema it is. */
  readonly kind: "codec";
  /** The type on the wire. */
  readonly wire: AnySchema;
  /** See `Codec.absent`. */
  readonly absent?: unknown;
  /** The codec turns `undefined` into `absent` and back: `optional` made it of another. */
  readonly optional?: true;
  /** See `Codec.encode`. */
  readonly encode: (value: unknown, context: unknown) => unknown;
  /** See `Codec.decode`. */
  readonly decode: (value: unknown, context: unknown) => unknown;
}
/** Made by `marshaler`. */
export type KnownMarshaler = MarshalerSchema<unknown, unknown>;

/** Every kind, because a union of texts cannot be looked through at run time. */
const KINDS: Readonly<Record<KnownSchema["kind"], true>> = {
  array: true,
  bool: true,
  bytes: true,
  codec: true,
  complex: true,
  embedded: true,
  field: true,
  float: true,
  int: true,
  interface: true,
  lazy: true,
  map: true,
  marshaler: true,
  named: true,
  optional: true,
  rawString: true,
  slice: true,
  string: true,
  struct: true,
  uint: true,
};

/**
 * The same schema with a type that shows its data, to walk it: a union over `kind`.
 *
 * @throws CodecError `bad-value` if `schema` is not a schema.
 */
export function known(schema: AnySchema): KnownSchema {
  const problem = schemaProblem(schema) ?? kindProblem(schema);
  if (problem !== undefined) throw new CodecError("bad-value", `gob: ${problem}`);
  return schema as KnownSchema;
}

const kindProblem = ({ kind }: AnySchema): string | undefined =>
  Object.hasOwn(KINDS, kind) ? undefined : `schemas have no kind ${JSON.stringify(kind)}`;

const resolved = new WeakMap<KnownLazy, AnySchema>();

/** The schema that a lazy schema refers to, looked up once. */
export function resolveLazy(schema: KnownLazy): AnySchema {
  let target = resolved.get(schema);
  if (target === undefined) {
    target = resolveNow(schema);
    resolved.set(schema, target);
  }
  return target;
}

/** @throws CodecError `bad-value` if there is no schema, as while modules that import each other are loaded. */
function resolveNow(schema: KnownLazy): AnySchema {
  let target: AnySchema | undefined;
  try {
    target = schema.resolve();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CodecError("bad-value", `schema: lazy has no schema yet: ${why}`, { cause });
  }
  if (typeof target?.kind === "string") return target;
  throw new CodecError("bad-value", `schema: lazy returned no schema (${String(target)})`);
}

/** The most names and references before a schema. A longer chain is taken for a circle. */
const MAX_HOPS = 100;

/** The schema behind names and references. @throws CodecError `bad-value`: there is none. */
export function bare(schema: AnySchema): BareSchema {
  let known = schema as KnownSchema;
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    if (known.kind === "lazy") known = resolveLazy(known) as KnownSchema;
    else if (known.kind === "named" || known.kind === "field" || known.kind === "embedded") {
      known = known.schema as KnownSchema;
    } else return known;
  }
  throw new CodecError("bad-value", "schema refers only to itself");
}
