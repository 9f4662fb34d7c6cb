import type {
  AnySchema,
  AnyValueSchema,
  BoolSchema,
  BytesSchema,
  ComplexSchema,
  DynamicSchema,
  FloatSchema,
  IntSchema,
  MarshalerForm,
  RawStringSchema,
  RecordSchema,
  StringSchema,
  UintSchema,
} from "../schema/index.js";
import { fail } from "./failure.js";

/** The schemas that gob understands, as data: their faces do not matter any more. */
export type KnownSchema =
  | BoolSchema
  | IntSchema<unknown>
  | UintSchema<unknown>
  | FloatSchema
  | ComplexSchema
  | StringSchema
  | BytesSchema
  | RawStringSchema
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
export interface KnownMarshaler {
  readonly kind: "marshaler";
  readonly name: string;
  readonly form: MarshalerForm;
  readonly encode: (value: unknown) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly zero: () => unknown;
  readonly isZero: ((value: unknown) => boolean) | undefined;
  readonly nil: Uint8Array | undefined;
  readonly underlying: AnySchema | undefined;
}

export interface StructField {
  /** The key in TypeScript. */
  readonly key: string;
  /** The name in Go and on the wire. */
  readonly go: string;
  readonly schema: AnySchema;
  /** The key may be missing. */
  readonly isOptional: boolean;
}

const EXPORTED = /^\p{Lu}/u;
const fieldsOf = new WeakMap<KnownStruct, readonly StructField[]>();
const resolved = new WeakMap<KnownLazy, AnySchema>();

/**
 * The fields of a struct. Getters are read once, so that each field keeps one schema.
 *
 * [GOB-14] Go sends exported fields only, and cannot have two of one name.
 */
export function structFields(schema: KnownStruct): readonly StructField[] {
  let fields = fieldsOf.get(schema);
  if (fields === undefined) {
    fields = Object.keys(schema.fields).map((key) => toField(schema, key));
    fieldsOf.set(schema, fields);
    if (new Set(fields.map(({ go }) => go)).size < fields.length) {
      fieldsOf.delete(schema);
      fail("bad-value", `struct ${schema.name} has two fields of one Go name`);
    }
  }
  return fields;
}

function toField(struct: KnownStruct, key: string): StructField {
  const of = struct.fields[key] as KnownSchema;
  const [go, schema] = of.kind === "field" ? [of.go, of.schema] : [key, of];
  if (!EXPORTED.test(go)) {
    const hint = `field("${key.charAt(0).toUpperCase()}${key.slice(1)}", …)`;
    fail("bad-value", `struct ${struct.name}: Go does not export ${go}; name it: ${hint}`);
  }
  return { key, go, schema, isOptional: isOptional(schema) };
}

const isOptional = (schema: AnySchema & { optional?: boolean; schema?: AnySchema }): boolean =>
  schema.optional === true || (schema.schema !== undefined && isOptional(schema.schema));

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
  return fail("bad-value", "schema refers only to itself");
}

/** Schemas known to hold no codec: a peer's types can be a long chain, of which each part is asked for. */
const withoutCodec = new WeakSet<KnownSchema>();

/** Whether values of a schema pass through users' code that can act on them. */
export function hasCodec(schema: AnySchema): boolean {
  const seen = new Set<KnownSchema>();
  const isFound = findCodec(schema, seen);
  if (!isFound) for (const part of seen) withoutCodec.add(part);
  return isFound;
}

function findCodec(schema: AnySchema, seen: Set<KnownSchema>): boolean {
  const known = bare(schema);
  if (seen.has(known) || withoutCodec.has(known)) return false;
  seen.add(known);
  switch (known.kind) {
    case "codec":
      return true;
    case "optional":
    case "slice":
    case "array":
      return findCodec(known.elem, seen);
    case "map":
      return findCodec(known.key, seen) || findCodec(known.elem, seen);
    case "struct":
      return structFields(known).some((field) => findCodec(field.schema, seen));
    default:
      return false;
  }
}
