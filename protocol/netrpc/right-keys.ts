/**
 * Misspelt keys in what handlers return. The compiler refuses a key that an object literal has too much where the
 * literal's type is known, as in the argument of a call. It does not in what an arrow function returns. There a
 * misspelt key was noticed by the key that it left missing, but keys of structs may be left out.
 */
import type { In, Out } from "../schema/index.js";

/** Stands for a reply with keys that its struct does not have, in the compiler's error. */
export interface NoSuchField<Keys> {
  /** Never set. */
  readonly noSuchField: Keys;
}

/**
 * What an implementation `I` of the methods `M` must be beside an `Implementation<M>`: a struct in a reply that lacks a
 * key of its schema has no key that the schema lacks. A reply with all keys may have others too: an object that
 * is more than a reply can be returned as it is.
 */
export type RightKeys<M, I> = {
  readonly [K in keyof I]: K extends keyof M ? RightReply<M[K], I[K]> : unknown;
};

type RightReply<Method, Handler> = Method extends { readonly reply: infer R }
  ? Handler extends (...args: never) => infer G
    ? [WrongKeys<R, Awaited<G>>] extends [never]
      ? unknown
      : (...args: never) => NoSuchField<WrongKeys<R, Awaited<G>>>
    : unknown
  : unknown;

/** How far down a reply is looked at. A type that contains itself has no end. */
type TooDeep = 8;

/** The keys of `G`, and of the structs in it, that are wrong by schema `S`. */
type WrongKeys<S, G, Depth extends readonly 0[] = []> = Depth["length"] extends TooDeep
  ? never
  : [G] extends [Scalar]
    ? never
    : S extends { readonly fields: infer F }
      ? true extends IsSame<G, Out<S>> | IsSame<G, In<S>>
        ? never
        : WrongInStruct<F, G, [...Depth, 0]>
      : S extends { readonly schema: infer T }
        ? WrongKeys<T, G, Depth>
        : S extends { readonly resolve: () => infer T }
          ? WrongKeys<T, G, [...Depth, 0]>
          : S extends { readonly kind: infer Kind; readonly elem: infer E }
            ? WrongKeys<E, Kind extends "optional" ? G : PartOf<G>, [...Depth, 0]>
            : S extends { readonly form: infer Form; readonly types: readonly (infer T)[] }
              ? WrongInChoice<T, Form, G, [...Depth, 0]>
              : never;

/** Values without keys, which are most: they need no look at their schema. */
type Scalar = string | number | bigint | boolean | Uint8Array | null | undefined;

/** A value that was received, or whose type was written down, needs no look at its parts. */
type IsSame<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type WrongInStruct<F, G, Depth extends readonly 0[]> = G extends object
  ? [Exclude<keyof G, keyof F>] extends [never]
    ? WrongInFields<F, G, Depth>
    : [Exclude<keyof F, keyof G>] extends [never]
      ? WrongInFields<F, G, Depth>
      : Exclude<keyof G, keyof F>
  : never;

type WrongInFields<F, G, Depth extends readonly 0[]> = {
  [K in keyof F & keyof G]: WrongKeys<F[K], G[K], Depth>;
}[keyof F & keyof G];

/** @param T - the types that an interface may hold, each with its name. */
type WrongInChoice<T, Form, G, Depth extends readonly 0[]> = T extends {
  readonly name: infer N;
  readonly schema: infer S;
}
  ? WrongKeys<S, Form extends "oneOf" ? ValueNamed<G, N> : G, Depth>
  : never;

type ValueNamed<G, N> = G extends { readonly name: N; readonly value: infer V } ? V : never;

type PartOf<G> = G extends readonly (infer E)[]
  ? E
  : G extends ReadonlyMap<unknown, infer E>
    ? E
    : G extends Readonly<Record<string, infer E>>
      ? E
      : never;
