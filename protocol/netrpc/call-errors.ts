/** The errors of calls, with Go's words in their texts. */
import { RpcError } from "../errors.js";
import type { CallOptions } from "./contract.js";
import type { Seq } from "./header.js";

/** The client was closed on this side. */
export const closedHere = (): RpcError =>
  new RpcError("shutdown", "netrpc: connection is shut down (closed here)");

/** The peer went away; with `cause` the connection was lost. Go: `io.ErrUnexpectedEOF`. */
export function unexpectedEof(cause: Error | undefined): RpcError {
  const why = cause === undefined ? "" : `: ${cause.message}`;
  return new RpcError("unexpected-eof", `netrpc: unexpected EOF${why}`, { cause });
}

/** What arrived cannot be read as responses. */
export const notResponse = (cause: unknown): RpcError =>
  new RpcError("protocol", `netrpc: not a response: ${(cause as Error).message}`, { cause });

/** The call came after the end of the connection, which `cause` explains. Go: `rpc.ErrShutdown`. */
export const shutdown = (serviceMethod: string, cause: RpcError): RpcError =>
  new RpcError("shutdown", `netrpc: connection is shut down (${serviceMethod})`, {
    cause,
    serviceMethod,
  });

/** One call more than `maxPendingCalls`. */
export function tooManyCalls(serviceMethod: string, pendingCalls: number): RpcError {
  const text = `netrpc: ${pendingCalls} calls are pending, as many as maxPendingCalls allows`;
  return new RpcError("limit", `${text} (${serviceMethod})`, { serviceMethod });
}

/** The call's signal fired. Without `seq`, nothing was sent. */
export const aborted = (serviceMethod: string, { signal }: CallOptions, seq?: number): RpcError =>
  new RpcError("aborted", `netrpc: call aborted (${serviceMethod})`, {
    cause: signal?.reason,
    serviceMethod,
    seq,
  });

/** The call's time is over. */
export function late(serviceMethod: string, { timeoutMs }: CallOptions, seq: number): RpcError {
  const text = `netrpc: no reply within ${timeoutMs} ms (${serviceMethod}, seq ${seq})`;
  return new RpcError("timeout", text, { serviceMethod, seq });
}

/**
 * [NETRPC-15] [NETRPC-11] The body of an answer does not fit its schema, or is cut off.
 *
 * @param why - the decoder's text, or `EOF`.
 */
export const badReply = (
  why: string,
  cause: unknown,
  serviceMethod: string | undefined,
  seq: Seq,
): RpcError =>
  new RpcError("bad-reply", `netrpc: reading body ${why}`, { cause, serviceMethod, seq });

/** What a pending call gets when the connection ends for `reason`. */
export function endedWith(reason: RpcError, serviceMethod: string, seq: Seq): RpcError {
  const text = `${reason.message} (${serviceMethod}, seq ${seq})`;
  const facts = { cause: reason.cause ?? reason, serviceMethod, seq };
  return new RpcError(reason.code, text, facts);
}
