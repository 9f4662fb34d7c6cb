import type { AnySchema, In, Out } from "../schema/index.js";

/** One method of a contract: a Go method `func (T) Name(args A, reply *R) error`. */
export interface Method {
  readonly args: AnySchema;
  readonly reply: AnySchema;
  /** The name on the wire, if it is not the key. */
  readonly go?: string;
}

/** A service contract: the twin of Go's method set. */
export interface Methods {
  readonly [name: string]: Method;
}

export interface CallOptions {
  /** Ends the waiting with code `aborted`. net/rpc has no cancel: the peer goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the reply; none by default. The peer goes on. */
  readonly timeoutMs?: number | undefined;
}

/** What a handler learns about the call it answers. */
export interface CallContext {
  /** Fires when the connection the call came on has ended. */
  readonly signal: AbortSignal;
  /** As the caller wrote it, `Plugin.Greet`. */
  readonly serviceMethod: string;
}

type CallerMethod<A, R> =
  undefined extends In<A>
    ? (args?: In<A>, options?: CallOptions) => Promise<Out<R>>
    : (args: In<A>, options?: CallOptions) => Promise<Out<R>>;

/** The methods of a contract as a client calls them; disposing it closes its connection. */
export type Caller<M> = {
  readonly [K in keyof M]: M[K] extends { readonly args: infer A; readonly reply: infer R }
    ? CallerMethod<A, R>
    : never;
} & AsyncDisposable;

/** The methods of a contract as a server implements them. */
export type Implementation<M, C = CallContext> = {
  readonly [K in keyof M]: M[K] extends { readonly args: infer A; readonly reply: infer R }
    ? (args: Out<A>, call: C) => In<R> | Promise<In<R>>
    : never;
};
