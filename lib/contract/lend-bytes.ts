/** The lender's side of a reader and of a writer. */
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Stream } from "../../mux/stream.js";
import { Bound } from "../../protocol/async/wait.js";
import { IncomingBytes, OutgoingBytes } from "./byte-streams.js";
import { LoanOver, refused } from "./lending.js";

/** How long a borrower may send nothing after the answer to its call, in milliseconds, and keep its writer open. */
const IDLE_MS = 5_000;

/** What can be lent as a reader: where the bytes come from. */
export type ByteSource =
  | Uint8Array
  | Iterable<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Readable
  | ReadableStream<Uint8Array>;

/** What can be lent as a writer: where the bytes go. */
export type ByteSink = Writable | WritableStream<Uint8Array>;

/** Joins what was lent with the borrower's stream until either ends or `signal` fires. */
export type ServeBytes = (borrower: Promise<Stream>, signal: AbortSignal) => Promise<void>;

/**
 * Checks `given` and returns what sends its bytes to the borrower.
 *
 * @throws CodecError `bad-value`.
 */
export function lendSource(given: ByteSource): ServeBytes {
  const why = whyNoSource(given);
  if (why !== undefined) throw refused(why);
  return async (borrower, signal) => {
    const source = toReadable(given);
    // It may fail before the borrower comes. The pipeline will notice.
    source.on("error", () => {});
    try {
      const stream = await borrower;
      // The borrower may have read to the end and keep its half open: the loan ends all the same.
      resetOn(signal, stream);
      await joined(source, new OutgoingBytes(stream), signal);
    } finally {
      source.destroy();
    }
  };
}

/**
 * Checks `given` and returns what writes the borrower's bytes into it.
 *
 * @throws CodecError `bad-value`.
 */
export function lendSink(given: ByteSink): ServeBytes {
  const why = whyNoSink(given);
  if (why !== undefined) throw refused(why);
  return async (borrower, signal) => {
    const sink = given instanceof Writable ? given : Writable.fromWeb(given);
    // A failure must not end the process when the lender listens for no `error`. Pipelines do the same.
    sink.on("error", () => {});
    try {
      await joined(received(await borrower, sink, signal), sink);
    } catch (error) {
      sink.destroy(signal.aborted ? signal.reason : (error as Error));
      throw error;
    }
  };
}

/** From Node 24 on, a pipeline of which one end was destroyed before fails, and leaves the other end as it is. */
async function joined(from: Readable, to: Writable, signal?: AbortSignal): Promise<void> {
  try {
    await pipeline(from, to, { signal });
  } catch (error) {
    from.destroy(error as Error);
    to.destroy(error as Error);
    throw error;
  }
}

/** Resets `stream` when `signal` fires, unless it is over by then. */
function resetOn(signal: AbortSignal, stream: Stream): void {
  const bound = new Bound({ signal }, () => stream.destroy());
  void stream.closed.then(() => bound.release());
  // It may have fired since the accept, which a Bound does not notice.
  if (signal.aborted) stream.destroy();
}

/** The borrower's bytes, until `signal` fires. */
function received(stream: Stream, sink: Writable, signal: AbortSignal): IncomingBytes {
  const bytes = new IncomingBytes(stream);
  const withdraw = () => {
    // A borrower that closed its half before the call ended has written everything: it all goes to the sink.
    if (stream.state === "RemoteClose") return;
    if (signal.reason instanceof LoanOver) cutWhenIdle(bytes, sink, signal.reason);
    else bytes.destroy(signal.reason);
  };
  if (signal.aborted) withdraw();
  signal.addEventListener("abort", withdraw, { once: true });
  return bytes;
}

/**
 * The answer may overtake bytes for which the window had no room, and the end after them. Only a borrower that sends
 * nothing more, though the sink takes it, has forgotten to close.
 */
function cutWhenIdle(bytes: IncomingBytes, sink: Writable, reason: LoanOver): void {
  const { byteCount } = bytes;
  const look = (): void => {
    if (bytes.byteCount !== byteCount || sink.writableNeedDrain) cutWhenIdle(bytes, sink, reason);
    else bytes.destroy(reason);
  };
  const bound = new Bound({ timeoutMs: IDLE_MS }, look, false);
  bytes.once("close", () => bound.release());
}

function whyNoSource(given: unknown): string | undefined {
  if (given instanceof ReadableStream) return given.locked ? "the stream is locked" : undefined;
  const isIterable =
    typeof given === "object" &&
    given !== null &&
    (Symbol.asyncIterator in given || Symbol.iterator in given);
  return isIterable ? undefined : "a reader takes bytes, an iterable of bytes or a readable stream";
}

function whyNoSink(given: unknown): string | undefined {
  if (given instanceof WritableStream) return given.locked ? "the stream is locked" : undefined;
  return given instanceof Writable ? undefined : "a writer takes a writable stream";
}

function toReadable(source: ByteSource): Readable {
  if (source instanceof Readable) return source;
  if (source instanceof ReadableStream) return Readable.fromWeb(source as never);
  if (source instanceof Uint8Array) return Readable.from([source]);
  return Readable.from(source, { objectMode: false });
}
