/**
 * Schemas as codecs see them: plain data without the types `In` and `Out`, and with the parts typed, which
 * {@link AnySchema} does not show.
 */
import { CodecError } from "../errors.js";
import type {
  AnySchema,
  AnyValueSchema,
  BoolSchema,
  BytesSchema,
  ComplexSchema,
  DynamicSchema,
  FloatSchema,
  IntSchema,
  MarshalerSchema,
  RawStringSchema,
  RecordSchema,
  StringSchema,
  UintSchema,
} from "./index.js";

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

/** The schemas that codecs understand. */
export type KnownSchema =
  | KnownScalar
  | AnyValueSchema
  | DynamicSchema
  | KnownSlice
  | KnownArray
  | KnownMap
  | KnownOptional
  | KnownLazy
  | KnownField
  | KnownNamed
  | KnownStruct
  | KnownCodec
  | KnownMarshaler;

/** The schemas that decide a value's form: neither names nor references to other schemas. */
export type BareSchema = Exclude<KnownSchema, KnownLazy | KnownField | KnownNamed>;

/** Made by `slice`. */
export interface KnownSlice {
  readonly kind: "slice";
  readonly elem: AnySchema;
}
/** Made by `array`. */
export interface KnownArray {
  readonly kind: "array";
  readonly elem: AnySchema;
  readonly length: number;
}
/** Made by `map` and `record`. */
export interface KnownMap {
  readonly kind: "map";
  readonly form: "map" | RecordSchema<AnySchema>["form"];
  readonly key: AnySchema;
  readonly elem: AnySchema;
}
/** Made by `optional`. */
export interface KnownOptional {
  readonly kind: "optional";
  readonly elem: AnySchema;
}
/** Made by `lazy`. */
export interface KnownLazy {
  readonly kind: "lazy";
  readonly resolve: () => AnySchema;
}
/** Made by `field`. */
export interface KnownField {
  readonly kind: "field";
  readonly go: string;
  readonly schema: AnySchema;
}
/** Made by `named`. */
export interface KnownNamed {
  readonly kind: "named";
  readonly name: string;
  readonly schema: AnySchema;
}
/** Made by `struct` and `empty`. */
export interface KnownStruct {
  readonly kind: "struct";
  readonly name: string;
  readonly fields: Readonly<Record<string, AnySchema>>;
  /** Go `struct{}`, which is `undefined` here. */
  readonly empty?: true;
}
/** Made by `codec`. */
export interface KnownCodec {
  readonly kind: "codec";
  readonly wire: AnySchema;
  /** See `Codec.absent`. */
  readonly absent?: unknown;
  /** The codec turns `undefined` into `absent` and back: `optional` made it of another. */
  readonly optional?: true;
  readonly encode: (value: unknown, context: unknown) => unknown;
  readonly decode: (value: unknown, context: unknown) => unknown;
}
/** Made by `marshaler`. */
export type KnownMarshaler = MarshalerSchema<unknown, unknown>;

const resolved = new WeakMap<KnownLazy, AnySchema>();

/** The schema that a lazy schema refers to, looked up once. */
export function resolveLazy(schema: KnownLazy): AnySchema {
  let target = resolved.get(schema);
  if (target === undefined) {
    target = schema.resolve();
    resolved.set(schema, target);
  }
  return target;
}

/** The most names and references before a schema. A longer chain is taken for a circle. */
const MAX_HOPS = 100;

/** The schema behind names and references. @throws CodecError `bad-value`: there is none. */
export function bare(schema: AnySchema): BareSchema {
  let known = schema as KnownSchema;
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    if (known.kind === "lazy") known = resolveLazy(known) as KnownSchema;
    else if (known.kind === "named" || known.kind === "field") known = known.schema as KnownSchema;
    else return known;
  }
  throw new CodecError("bad-value", "schema refers only to itself");
}
