/**
 * The root of all schemas. A schema describes a Go type and has two types in TypeScript: `In` for the values
 * that the sender passes, and `Out` for those that the receiver gets. They differ for values that are lent, and
 * for types that have several forms in JavaScript. For most types they are the same.
 *
 * Schemas are plain data, told apart by `kind`; codecs (gob, msgpack, JSON) compile them.
 */

/** The mark that carries {@link In}. It exists for the compiler only: no value has the property. */
export declare const IN: unique symbol;
/** The mark that carries {@link Out}. It exists for the compiler only: no value has the property. */
export declare const OUT: unique symbol;

/** The base of the schemas without parts. */
export interface Schema<in I, out O> {
  /** Which schema it is. Codecs switch on it. */
  readonly kind: string;
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: I) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => O;
}

/**
 * The bound of all combinators. It does not name `In` and `Out` on purpose: the compiler would resolve
 * them too early for recursive schemas.
 */
export interface AnySchema {
  /** Which schema it is. Codecs switch on it. */
  readonly kind: string;
}

/** The type of the values that the sender passes; unknown where the schema is. */
export type In<S> = S extends {
  /** Carries the type. */
  readonly [IN]?: (value: infer I) => void;
}
  ? I
  : S extends AnySchema
    ? unknown
    : never;
/** The type of the values that the receiver gets; unknown where the schema is. */
export type Out<S> = S extends {
  /** Carries the type. */
  readonly [OUT]?: () => infer O;
}
  ? O
  : S extends AnySchema
    ? unknown
    : never;
