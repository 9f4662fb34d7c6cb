/** The headers in front of each request and response, as Go declares them. */
import { type StringSchema, string, struct, uint } from "../schema/index.js";

/**
 * The number of a call, a `uint64` on the wire. Our own numbers stay far below 2^53. A peer may send any
 * [NETRPC-5]. Numbers past 2^53-1 arrive as bigint.
 */
export type Seq = number | bigint;

/** Go: `rpc.Request`. */
export interface RequestHeader {
  /** `Service.Method` [NETRPC-4]. */
  readonly ServiceMethod: string;
  /** Chosen by the caller; the response carries the same. */
  readonly Seq: Seq;
}

/** Go: `rpc.Response`. */
export interface ResponseHeader extends RequestHeader {
  /** Why the call failed; empty for success. */
  readonly Error: string;
}

/** The part of a response that a caller needs: it knows the method by `Seq`. */
export type AnswerHeader = Omit<ResponseHeader, "ServiceMethod">;

/** Names of methods come again and again: a decoder looks them up instead of making a string each time. */
const method = (): StringSchema => ({ kind: "string", repeats: true });

/** A request's header as a schema [NETRPC-2]. */
export const requestHeader = struct("Request", {
  ServiceMethod: method(),
  Seq: uint({ as: "safe" }),
});

/** A response's header as the server writes it [NETRPC-3]. */
export const responseHeader = struct("Response", {
  ServiceMethod: method(),
  Seq: uint({ as: "safe" }),
  Error: string(),
});

/** The same as the client reads it, which has no use for the method's name [NETRPC-3]. */
export const answerHeader = struct("Response", {
  Seq: uint({ as: "safe" }),
  Error: string(),
});
