/** The host's end of a stream that carries what a plugin prints [PLUGIN-2] [PLUGIN-13]. */
import type { Writable } from "node:stream";
import type { Stream } from "../../mux/stream.js";
import { Deferred } from "../../protocol/async/deferred.js";
import type { Logger } from "../observe/logger.js";
import { settledOrStalled } from "../settled.js";
import { outputCopy } from "./plugin-output.js";

/** How long {@link SyncStream.delivered} waits for a reader that takes nothing, in milliseconds. */
const STALL_MS = 500;

/**
 * Copies a stdio stream to a stream of the user. It is read even if there is no copy: a plugin may block when nobody
 * reads. While the user's stream is full, the plugin gets no credit.
 */
export class SyncStream {
  readonly stream: Stream;
  readonly #ended = new Deferred();
  #receivedBytes = 0;

  constructor(stream: Stream, name: string, to: Writable | undefined, logger: Logger) {
    this.stream = stream;
    const text = "the reader of plugin output is too slow, it was dropped";
    const writer = outputCopy(to, { logger, fields: { stream: name }, text }, stream);
    stream.start({
      onData: (chunk) => {
        this.#receivedBytes += chunk.length;
        writer?.write(Buffer.from(chunk));
      },
      onEnd: () => {
        writer?.end();
        this.#ended.resolve();
      },
    });
  }

  /** Resolves when all that arrived before the stream's end is with the user's stream, or that takes nothing. */
  delivered(): Promise<void> {
    return settledOrStalled(this.#ended.promise, STALL_MS, () => this.#receivedBytes);
  }
}
