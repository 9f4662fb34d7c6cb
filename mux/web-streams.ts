/** The web's streams on top of a stream [YAMUX-53]. */

import { LossWatch, lostError } from "./loss-watch.js";
import type { Stream } from "./stream.js";

/**
 * The two halves of `stream` as web streams. Closing `writable` sends FIN and waits until everything is
 * with the connection. Cancelling or aborting one of them resets the stream, for the other one too.
 * Both fail with the MuxErrors of {@link Stream.start}. Takes the stream over: do not start it yourself.
 */
export function toWeb(stream: Stream): {
  /** What the peer sends. The stream's window holds the peer back when nobody reads. */
  readable: ReadableStream<Uint8Array>;
  /** What we send. A write waits while 256 KiB or more are queued. */
  writable: WritableStream<Uint8Array>;
} {
  let reader!: ReadableStreamDefaultController<Uint8Array>;
  let writer!: WritableStreamDefaultController;
  let onDrain: (() => void) | undefined;
  const readable = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        reader = controller;
      },
      pull: () => stream.resume(),
      cancel: (reason) => stream.destroy(asError(reason)),
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    start: (controller) => {
      writer = controller;
    },
    write: (chunk) => {
      if (stream.write(chunk)) return;
      return new Promise((resolve) => {
        onDrain = resolve;
      });
    },
    close: async () => {
      stream.end();
      const error = await stream.finished;
      if (error !== undefined) throw lostError(error);
    },
    abort: (reason) => stream.destroy(asError(reason)),
  });
  const lost = new LossWatch((error) => writer.error(lostError(error)));
  void stream.finished.then((error) => lost.sendingEnded(error));
  stream.pause();
  stream.start({
    onData: (chunk) => {
      // A copy: the chunk is borrowed, and a Buffer's own slice would be a view.
      reader.enqueue(new Uint8Array(chunk));
      if ((reader.desiredSize ?? 0) <= 0) stream.pause();
    },
    onEnd: (error) => {
      if (error === undefined) {
        reader.close();
        lost.peerEnded();
        return;
      }
      reader.error(error);
      writer.error(error);
    },
    onDrain: () => onDrain?.(),
  });
  return { readable, writable };
}

const asError = (reason: unknown): Error | undefined =>
  reason instanceof Error ? reason : undefined;
