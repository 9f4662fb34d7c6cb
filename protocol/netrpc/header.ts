import { string, struct, uint } from "../schema/index.js";

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

/** [NETRPC-2] */
export const requestHeader = struct("Request", {
  ServiceMethod: string(),
  Seq: uint({ as: "safe" }),
});

/** [NETRPC-3] */
export const responseHeader = struct("Response", {
  ServiceMethod: string(),
  Seq: uint({ as: "safe" }),
  Error: string(),
});
