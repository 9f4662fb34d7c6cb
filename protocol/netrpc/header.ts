import { type StringSchema, string, struct, uint } from "../schema/index.js";

/**
 * Call numbers are `uint64` on the wire. Ours stay far below 2^53; a peer may answer with any
 * [NETRPC-5], so past 2^53-1 they arrive as bigint.
 */
export type Seq = number | bigint;

/** Go: `rpc.Request`. */
export interface RequestHeader {
  readonly ServiceMethod: string;
  readonly Seq: Seq;
}

/** Go: `rpc.Response`. An empty `Error` means success. */
export interface ResponseHeader extends RequestHeader {
  readonly Error: string;
}

/** What a caller needs of a response: it knows the method by `Seq`. */
export type AnswerHeader = Omit<ResponseHeader, "ServiceMethod">;

/** A peer calls the same few methods all the time. */
const method = (): StringSchema => ({ kind: "string", repeats: true });

/** [NETRPC-2] */
export const requestHeader = struct("Request", {
  ServiceMethod: method(),
  Seq: uint({ as: "safe" }),
});

/** [NETRPC-3] */
export const responseHeader = struct("Response", {
  ServiceMethod: method(),
  Seq: uint({ as: "safe" }),
  Error: string(),
});

/** [NETRPC-3] */
export const answerHeader = struct("Response", {
  Seq: uint({ as: "safe" }),
  Error: string(),
});
