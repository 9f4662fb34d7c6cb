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

/** The schemas of Go's scalars, and of what travels like one: strings and bytes. */
export type KnownScalar =
  | BoolSchema
  | IntSchema<unknown>
  | UintSchema<unknown>
  | FloatSchema
  | ComplexSchema
  | StringSchema
  | BytesSchema
  | RawStringSchema;

/** The schemas that codecs understand, as data: their faces do not matter any more. */
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

/** The schemas that decide about a value's form. */
export type BareSchema = Exclude<KnownSchema, KnownLazy | KnownField | KnownNamed>;

export interface KnownSlice {
  readonly kind: "slice";
  readonly elem: AnySchema;
}
export interface KnownArray {
  readonly kind: "array";
  readonly elem: AnySchema;
  readonly length: number;
}
export interface KnownMap {
  readonly kind: "map";
  readonly form: "map" | RecordSchema<AnySchema>["form"];
  readonly key: AnySchema;
  readonly elem: AnySchema;
}
export interface KnownOptional {
  readonly kind: "optional";
  readonly elem: AnySchema;
}
export interface KnownLazy {
  readonly kind: "lazy";
  readonly resolve: () => AnySchema;
}
export interface KnownField {
  readonly kind: "field";
  readonly go: string;
  readonly schema: AnySchema;
}
export interface KnownNamed {
  readonly kind: "named";
  readonly name: string;
  readonly schema: AnySchema;
}
export interface KnownStruct {
  readonly kind: "struct";
  readonly name: string;
  readonly fields: Readonly<Record<string, AnySchema>>;
  /** Go `struct{}`, which is `undefined` here. */
  readonly empty?: true;
}
export interface KnownCodec {
  readonly kind: "codec";
  readonly wire: AnySchema;
  readonly encode: (value: unknown, context: unknown) => unknown;
  readonly decode: (value: unknown, context: unknown) => unknown;
}
export type KnownMarshaler = MarshalerSchema<unknown, unknown>;

const resolved = new WeakMap<KnownLazy, AnySchema>();

/** What a lazy schema stands for, looked up once. */
export function resolveLazy(schema: KnownLazy): AnySchema {
  let target = resolved.get(schema);
  if (target === undefined) {
    target = schema.resolve();
    resolved.set(schema, target);
  }
  return target;
}

/** The schema below names, fields and references: what decides about a value's form. */
export function bare(schema: AnySchema): BareSchema {
  let known = schema as KnownSchema;
  for (let hops = 0; hops < 100; hops++) {
    if (known.kind === "lazy") known = resolveLazy(known) as KnownSchema;
    else if (known.kind === "named" || known.kind === "field") known = known.schema as KnownSchema;
    else return known;
  }
  throw new CodecError("bad-value", "schema refers only to itself");
}
