/** Go interfaces that hold values of known types, by the names under which Go registered them. */
import { assertAliases, assertTypes } from "./check-types.js";
import type { NamedSchema } from "./named.js";
import type { AnySchema, IN, In, OUT, Out } from "./schema.js";

/** Options of {@link registered}. */
export interface RegisteredOptions {
  /** Other names under which the value is accepted, such as that of a package the type has left. None is sent. */
  readonly aliases?: readonly string[];
  /** Go's name of the interface, such as `main.Shape`, for error texts. Default: `interface {}`. */
  readonly go?: string;
}

/** Options of {@link oneOf}. */
export interface OneOfOptions {
  /** Other names under which a value is accepted, each with the name that it stands for. None is sent. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Go's name of the interface, such as `main.Shape`, for error texts. Default: `interface {}`. */
  readonly go?: string;
}

/** A type that an interface may hold. */
export interface RegisteredType<N = string, S = AnySchema> {
  /** The name that is sent. */
  readonly name: N;
  /** The type. */
  readonly schema: S;
  /** Other names under which it is accepted. */
  readonly aliases: readonly string[];
}

/** See {@link registered}. */
export interface RegisteredSchema<S extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: In<S>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Out<S>;
  readonly kind: "interface";
  /** The value is that of its type. */
  readonly form: "registered";
  /** The one type. */
  readonly types: readonly RegisteredType<string, S>[];
  /** Go's name of the interface; empty for `interface {}`. */
  readonly go: string;
  /** nil only fits under `optional`. */
  readonly absent: null;
}

/** A value of {@link oneOf} as the sender passes it. */
export type OneOfIn<T> = {
  [N in keyof T]: {
    /** The name of its type, as Go registered it. */
    readonly name: N;
    /** The value, as for the type's schema alone. */
    readonly value: In<T[N]>;
  };
}[keyof T];
/** A value of {@link oneOf} as the receiver gets it. */
export type OneOfOut<T> = {
  [N in keyof T]: {
    /** The name of its type, as Go registered it. */
    readonly name: N;
    /** The value, as for the type's schema alone. */
    readonly value: Out<T[N]>;
  };
}[keyof T];

/** See {@link oneOf}. */
export interface OneOfSchema<T> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: OneOfIn<T>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => OneOfOut<T>;
  readonly kind: "interface";
  /** The value says which type it is. */
  readonly form: "oneOf";
  /** The types. */
  readonly types: readonly { [N in keyof T]: RegisteredType<N, T[N]> }[keyof T][];
  /** Go's name of the interface; empty for `interface {}`. */
  readonly go: string;
  /** nil only fits under `optional`. */
  readonly absent: null;
}

/**
 * A Go interface that holds values of one registered type: `registered("step.RunArgs", RunArgs)` for an argument
 * `args interface{}` whose method begins with `args.(RunArgs)`. In and Out are those of the type. No registry is
 * needed. Another type is refused, and so is nil, unless the schema stands under `optional`.
 *
 * @param name - as registered in Go: `example.com/full/p.T1`, `*p.T1` if Go registered a pointer.
 * @throws CodecError `bad-value` for an empty name, or a schema that is an interface itself.
 */
export function registered<S extends AnySchema>(
  name: string,
  schema: S,
  { aliases = [], go = "" }: RegisteredOptions = {},
): RegisteredSchema<S> {
  const types = [{ name, schema, aliases }];
  assertTypes(types, "registered");
  return { kind: "interface", form: "registered", types, go, absent: null };
}

/**
 * A Go interface that holds values of several registered types, by their names: `oneOf({ "main.Circle": Circle,
 * "main.Square": Square })`. A value is `{ name, value }`, and the compiler knows the value's type by its name. No
 * registry is needed. Other types are refused, and so is nil, unless the schema stands under `optional`.
 *
 * @throws CodecError `bad-value` as for {@link registered}, without any type, for a name that stands for two types, and
 *   for an alias of a name that is not there.
 */
export function oneOf<T extends object>(
  of: T,
  { aliases = {}, go = "" }: OneOfOptions = {},
): OneOfSchema<T> {
  const types = Object.entries(of).map(([name, schema]) => ({
    name: name as keyof T,
    schema: schema as T[keyof T],
    aliases: Object.keys(aliases).filter((key) => aliases[key] === name),
  }));
  assertTypes(types as readonly RegisteredType[], "oneOf");
  assertAliases(aliases, of);
  return { kind: "interface", form: "oneOf", types, go, absent: null };
}

/** A schema whose values can be nil, or undefined in TypeScript. */
export interface NilableSchema extends AnySchema {
  /** Its key may be missing in a struct. */
  readonly optional: true;
}

/** An interface of known types, which may have a name. */
type OfKnownTypes =
  | RegisteredSchema<AnySchema>
  | OneOfSchema<object>
  | (NamedSchema<AnySchema> & { readonly schema: OfKnownTypes });

/** Whether `optional` needs no Go pointer for `schema`, because an interface can be nil. */
export function isOfKnownTypes(schema: AnySchema): schema is OfKnownTypes {
  const known = schema as OfKnownTypes;
  return known.kind === "named"
    ? isOfKnownTypes(known.schema)
    : known.form === "registered" || known.form === "oneOf";
}

/** The same interface, with nil as `undefined`. */
export function withNil(of: OfKnownTypes): NilableSchema {
  const named = of.kind === "named" ? { ...of, schema: withNil(of.schema) } : of;
  return { ...named, optional: true };
}
