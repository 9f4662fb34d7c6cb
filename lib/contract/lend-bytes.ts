import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Stream } from "../../mux/stream.js";
import { IncomingBytes, OutgoingBytes } from "./byte-streams.js";

/** Where lent bytes come from. */
export type ByteSource =
  | Uint8Array
  | Iterable<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Readable
  | ReadableStream<Uint8Array>;

/** Where lent bytes go. */
export type ByteSink = Writable | WritableStream<Uint8Array>;

/** Why `given` cannot be lent as a reader; undefined if it can. */
export function whyNoSource(given: unknown): string | undefined {
  if (given instanceof ReadableStream) return given.locked ? "the stream is locked" : undefined;
  const isIterable =
    typeof given === "object" &&
    given !== null &&
    (Symbol.asyncIterator in given || Symbol.iterator in given);
  return isIterable ? undefined : "a reader takes bytes, an iterable of bytes or a readable stream";
}

/** Why `given` cannot be lent as a writer; undefined if it can. */
export function whyNoSink(given: unknown): string | undefined {
  if (given instanceof WritableStream) return given.locked ? "the stream is locked" : undefined;
  return given instanceof Writable ? undefined : "a writer takes a writable stream";
}

/** Gives the borrower what comes from `given`, until it hangs up or `signal` fires. */
export async function lendSource(
  given: ByteSource,
  borrower: Promise<Stream>,
  signal: AbortSignal,
): Promise<void> {
  const source = toReadable(given);
  // It may fail before the borrower comes; the pipeline finds that out.
  source.on("error", () => {});
  try {
    await pipeline(source, new OutgoingBytes(await borrower), { signal });
  } finally {
    source.destroy();
  }
}

/** Puts into `given` what the borrower writes, until it closes or `signal` fires. */
export async function lendSink(
  given: ByteSink,
  borrower: Promise<Stream>,
  signal: AbortSignal,
): Promise<void> {
  const sink = given instanceof Writable ? given : Writable.fromWeb(given);
  // An end that nobody listens for must not end the process; pipelines do the same.
  sink.on("error", () => {});
  try {
    const stream = await borrower;
    const bytes = new IncomingBytes(stream);
    const withdraw = () => {
      // What the borrower wrote and closed before the call ended or failed is the sink's all the same.
      if (stream.state !== "RemoteClose") bytes.destroy(signal.reason);
    };
    if (signal.aborted) withdraw();
    signal.addEventListener("abort", withdraw, { once: true });
    await pipeline(bytes, sink);
  } catch (error) {
    sink.destroy(signal.aborted ? signal.reason : (error as Error));
    throw error;
  }
}

function toReadable(source: ByteSource): Readable {
  if (source instanceof Readable) return source;
  if (source instanceof ReadableStream) return Readable.fromWeb(source as never);
  if (source instanceof Uint8Array) return Readable.from([source]);
  return Readable.from(source, { objectMode: false });
}
