import type { CodecSchema } from "./codec.js";
import type { AnySchema, IN, In, OUT, Out } from "./schema.js";

// The two faces are written out as members, not as arguments of `extends Schema<...>`: the compiler
// resolves those too early, and a recursive struct would see `never`.

export interface SliceSchema<E extends AnySchema> {
  readonly [IN]?: (value: readonly In<E>[]) => void;
  readonly [OUT]?: () => Out<E>[];
  readonly kind: "slice";
  readonly elem: E;
}
export interface ArraySchema<E extends AnySchema> {
  readonly [IN]?: (value: readonly In<E>[]) => void;
  readonly [OUT]?: () => Out<E>[];
  readonly kind: "array";
  readonly elem: E;
  readonly length: number;
}
export interface MapSchema<K extends AnySchema, V extends AnySchema> {
  readonly [IN]?: (value: ReadonlyMap<In<K>, In<V>>) => void;
  readonly [OUT]?: () => Map<Out<K>, Out<V>>;
  readonly kind: "map";
  readonly form: "map";
  readonly key: K;
  readonly elem: V;
}
/** A Go map with string keys as a plain object. */
export interface RecordSchema<V extends AnySchema> {
  readonly [IN]?: (value: Readonly<Record<string, In<V>>>) => void;
  readonly [OUT]?: () => Record<string, Out<V>>;
  readonly kind: "map";
  readonly form: "record";
  readonly key: AnySchema;
  readonly elem: V;
}
export interface OptionalSchema<E extends AnySchema> {
  readonly [IN]?: (value: In<E> | undefined) => void;
  readonly [OUT]?: () => Out<E> | undefined;
  readonly kind: "optional";
  readonly optional: true;
  readonly elem: E;
}
export interface LazySchema<E extends AnySchema> {
  readonly [IN]?: (value: In<E>) => void;
  readonly [OUT]?: () => Out<E>;
  readonly kind: "lazy";
  readonly resolve: () => E;
}

/** Go `[]T`. nil and empty are the same on the wire and arrive as `[]`. */
export const slice = <E extends AnySchema>(elem: E): SliceSchema<E> => ({ kind: "slice", elem });

/** Go `[N]T`: exactly `length` elements. `array(16, uint8())` is not `bytes()`. */
export const array = <E extends AnySchema>(length: number, elem: E): ArraySchema<E> => ({
  kind: "array",
  elem,
  length,
});

/** Go `map[K]V` as a `Map`. */
export const map = <K extends AnySchema, V extends AnySchema>(
  key: K,
  elem: V,
): MapSchema<K, V> => ({
  kind: "map",
  form: "map",
  key,
  elem,
});

/** Go `map[string]V` as a plain object without prototype, so that no key is special. */
export const record = <V extends AnySchema>(elem: V): RecordSchema<V> => ({
  kind: "map",
  form: "record",
  key: { kind: "string" },
  elem,
});

/**
 * A Go pointer: `undefined` is nil. As a struct field its key may be missing. Go cannot tell a nil
 * pointer from one to a zero scalar, so a zero that is sent through a field arrives as `undefined`.
 */
export const optional = <E extends AnySchema>(elem: E): OptionalSchema<E> =>
  isCodecWithNil(elem)
    ? (optionalCodec(elem) as unknown as OptionalSchema<E>)
    : { kind: "optional", optional: true, elem };

const isCodecWithNil = (schema: AnySchema): schema is CodecSchema<unknown, unknown> =>
  schema.kind === "codec" && (schema as CodecSchema<unknown, unknown>).absent !== undefined;

/** A codec with a wire value of its own for nil is no pointer: that value stands for undefined. */
const optionalCodec = (of: CodecSchema<unknown, unknown>) => ({
  ...of,
  optional: true,
  encode: (value: unknown, context: unknown) =>
    value === undefined ? of.absent : of.encode(value, context),
  decode: (value: never, context: unknown) =>
    value === of.absent ? undefined : of.decode(value, context),
});

/** A schema that is looked up on first use: for types that contain each other. */
export const lazy = <E extends AnySchema>(resolve: () => E): LazySchema<E> => ({
  kind: "lazy",
  resolve,
});
