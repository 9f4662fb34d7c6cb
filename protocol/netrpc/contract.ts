/** Contracts: the methods of a service as data, and the types of their two sides. */
import type { WaitOptions } from "../async/wait.js";
import type { AnySchema, In, Out } from "../schema/index.js";

/** One method of a contract: a Go method `func (T) Name(args A, reply *R) error`. */
export interface Method {
  /** The schema of `args`. Where Go has `interface{}`, it must be one too, such as `gob.any()`. */
  readonly args: AnySchema;
  /** The schema of what `reply` points to. */
  readonly reply: AnySchema;
  /** The name on the wire, if it is not the key. */
  readonly go?: string;
}

/** A service contract: the twin of Go's method set. */
export interface Methods {
  readonly [name: string]: Method;
}

/** How long a caller waits. net/rpc has no cancel: when the wait is given up, the peer goes on [NETRPC-13]. */
export interface CallOptions extends WaitOptions {
  /** Ends the wait with code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the reply; then the call fails with `timeout`. Default: no limit. */
  readonly timeoutMs?: number | undefined;
}

/** Options of a call of a contract's method, whose reply has the schema `R`. */
export interface MethodCallOptions<R> extends CallOptions {
  /**
   * An object that the reply is decoded into and that the call resolves with. What the peer does not send keeps what
   * the object has: gob leaves out a struct's zero fields. Default: a new value, with zeros there. Go: `reply`, which
   * points to a value of the caller's.
   */
  readonly into?: Out<R> | undefined;
}

/** The facts of a call for its handler. */
export interface CallContext {
  /** Fires when the connection the call came on has ended. */
  readonly signal: AbortSignal;
  /** The name that the caller sent: `Plugin.Greet`. */
  readonly serviceMethod: string;
}

/** A method whose schemas are known by their types. */
interface Signature<A, R> {
  readonly args: A;
  readonly reply: R;
}

type CallerMethod<A, R> =
  undefined extends In<A>
    ? (args?: In<A>, options?: MethodCallOptions<R>) => Promise<Out<R>>
    : (args: In<A>, options?: MethodCallOptions<R>) => Promise<Out<R>>;

/** The methods of a contract as a client calls them; disposing it closes its connection. */
export type Caller<M> = {
  readonly [K in keyof M]: M[K] extends Signature<infer A, infer R> ? CallerMethod<A, R> : never;
} & AsyncDisposable;

/** The methods of a contract as a server implements them. */
export type Implementation<M, C = CallContext> = {
  readonly [K in keyof M]: M[K] extends Signature<infer A, infer R>
    ? (args: Out<A>, call: C) => In<R> | Promise<In<R>>
    : never;
};
