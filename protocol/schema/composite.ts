/** Go types made of other types: slices, arrays, maps, pointers, and references to types defined later. */
import { assertSchema } from "./check.js";
import type { CodecSchema } from "./codec.js";
import { isOfKnownTypes, type NilableSchema, withNil } from "./registered.js";
import type { AnySchema, IN, In, OUT, Out } from "./schema.js";

// Each schema writes its two faces out as members instead of extending `Schema<…>`: the compiler resolves
// the arguments of `extends` too early, and a recursive struct would see `never`.

/** See {@link slice}. */
export interface SliceSchema<E extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: readonly In<E>[]) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Out<E>[];
  readonly kind: "slice";
  /** The type of its elements. */
  readonly elem: E;
}
/** See {@link array}. */
export interface ArraySchema<E extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: readonly In<E>[]) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Out<E>[];
  readonly kind: "array";
  /** The type of its elements. */
  readonly elem: E;
  /** How many elements, neither more nor less. */
  readonly length: number;
}
/** See {@link map}. */
export interface MapSchema<K extends AnySchema, V extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: ReadonlyMap<In<K>, In<V>>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Map<Out<K>, Out<V>>;
  readonly kind: "map";
  /** A `Map` in JavaScript. */
  readonly form: "map";
  /** The type of its keys. */
  readonly key: K;
  /** The type of its values. */
  readonly elem: V;
}
/** See {@link record}. */
export interface RecordSchema<V extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: Readonly<Record<string, In<V>>>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Record<string, Out<V>>;
  readonly kind: "map";
  /** A plain object in JavaScript. */
  readonly form: "record";
  /** Strings, always. */
  readonly key: AnySchema;
  /** The type of its values. */
  readonly elem: V;
}
/** See {@link optional}. */
export interface OptionalSchema<E extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: In<E> | undefined) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Out<E> | undefined;
  readonly kind: "optional";
  /** Its key may be missing in a struct. */
  readonly optional: true;
  /** The type that the pointer points to. */
  readonly elem: E;
}
/** See {@link lazy}. */
export interface LazySchema<E extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: In<E>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Out<E>;
  readonly kind: "lazy";
  /** Called once, when a codec first needs the schema. */
  readonly resolve: () => E;
}

/**
 * Go `[]T`. nil and empty both arrive as `[]`. To gob they are the same; in msgpack and JSON a nil slice that is sent
 * again is nil, unless something was put into it.
 */
export function slice<E extends AnySchema>(elem: E): SliceSchema<E> {
  assertSchema(elem, "slice");
  return { kind: "slice", elem };
}

/** Go `[N]T`: exactly `length` elements. `array(16, uint8())` is not `bytes()`. */
export function array<E extends AnySchema>(length: number, elem: E): ArraySchema<E> {
  assertSchema(elem, "array");
  return { kind: "array", elem, length };
}

/**
 * Go `map[K]V` as a `Map`. A nil map arrives as an empty one, and is nil when it is sent again, unless something was put
 * into it. `optional(map(…))` shows nil as undefined.
 */
export function map<K extends AnySchema, V extends AnySchema>(key: K, elem: V): MapSchema<K, V> {
  assertSchema(key, "map");
  assertSchema(elem, "map");
  return { kind: "map", form: "map", key, elem };
}

/** Go `map[string]V` as a plain object without prototype, so that no key is special. nil as for {@link map}. */
export function record<V extends AnySchema>(elem: V): RecordSchema<V> {
  assertSchema(elem, "record");
  return { kind: "map", form: "record", key: { kind: "string" }, elem };
}

/**
 * A Go pointer: `undefined` is nil. As a struct field its key may be missing. A field is not sent
 * if its pointer is nil or points to a zero scalar. Such a zero therefore arrives as `undefined`. What has a nil of its
 * own, something lent or an interface of known types, needs no pointer: `undefined` is that nil. In a list
 * `optional(any())` tells nil pointers, `undefined`, from pointers to nil interfaces, `null`.
 */
export function optional<E extends AnySchema>(elem: E): OptionalSchema<E> {
  assertSchema(elem, "optional");
  const nilable = nilableForm(elem);
  return nilable === undefined
    ? { kind: "optional", optional: true, elem }
    : (nilable as AnySchema as OptionalSchema<E>);
}

/** The form of a schema whose values can be nil without a Go pointer. Undefined for all others. */
function nilableForm(schema: AnySchema): NilableSchema | undefined {
  if (isCodecWithNil(schema)) return optionalCodec(schema);
  return isOfKnownTypes(schema) ? withNil(schema) : undefined;
}

const isCodecWithNil = (schema: AnySchema): schema is CodecSchema<unknown, unknown> =>
  schema.kind === "codec" && (schema as CodecSchema<unknown, unknown>).absent !== undefined;

/** A codec with a wire value for nil needs no Go pointer. Undefined becomes that value, and back. */
const optionalCodec = (of: CodecSchema<unknown, unknown>) => ({
  ...of,
  optional: true as const,
  encode: (value: unknown, context: unknown) =>
    value === undefined ? of.absent : of.encode(value, context),
  decode: (value: never, context: unknown) =>
    value === of.absent ? undefined : of.decode(value, context),
});

/** A schema that is looked up on first use, for types that contain each other. */
export const lazy = <E extends AnySchema>(resolve: () => E): LazySchema<E> => ({
  kind: "lazy",
  resolve,
});
