/**
 * The root of all schemas. A schema describes a Go type and has two faces in TypeScript: `In`, what
 * the sender passes, and `Out`, what the receiver gets. They are the same for most types and differ
 * for what is lent and for what JavaScript can write in more than one way.
 *
 * Schemas are plain data, told apart by `kind`; codecs (gob, msgpack, JSON) compile them.
 */

// The two marks exist for the compiler only; no value ever has these properties.
export declare const IN: unique symbol;
export declare const OUT: unique symbol;

export interface Schema<in I, out O> {
  readonly kind: string;
  readonly [IN]?: (value: I) => void;
  readonly [OUT]?: () => O;
}

/**
 * The bound of all combinators. It does not name `In` and `Out` on purpose: a bound that does
 * resolves recursive schemas too early.
 */
export interface AnySchema {
  readonly kind: string;
}

/** What the sender passes. */
export type In<S> = S extends { readonly [IN]?: (value: infer I) => void } ? I : never;
/** What the receiver gets. */
export type Out<S> = S extends { readonly [OUT]?: () => infer O } ? O : never;
