/** The streams of a session: opens and accepts them, and finds the stream of each frame. */

import { AbandonedStreams } from "./abandoned.js";
import { AcceptQueue } from "./accept-queue.js";
import type { SessionConfig } from "./config.js";
import { type MuxError, yamuxError } from "./errors.js";
import { FLAG, formatHeader, TYPE, VERSION } from "./frame.js";
import type { FrameWriter } from "./frame-writer.js";
import { OpenSlots, StreamIds } from "./open-slots.js";
import type { Pings } from "./pings.js";
import type { Stream } from "./stream.js";
import { StreamCore, type StreamLink } from "./stream-core.js";
import type { WaitOptions } from "./wait.js";

/** What a peer must not do: it ends the session [YAMUX-44]. */
export type Violation = "recv-window-exceeded" | "unexpected-flag" | "duplicate-stream";

/** What {@link StreamTable} needs of its session. */
export interface StreamTableOptions {
  readonly config: SessionConfig;
  readonly writer: FrameWriter;
  readonly pings: Pings;
  /** The first id that this side gives out. */
  readonly firstId: number;
  /** The peer broke the protocol; `what` tells details. */
  readonly onViolation: (code: Violation, streamId: number, what: string) => void;
  /** An opened stream had no answer within `streamOpenTimeoutMs`. */
  readonly onStuckOpen: (streamId: number) => void;
}

/** Handles everything that concerns one stream: all frames of type Data and WindowUpdate. */
export class StreamTable {
  /** The streams of the peer, on their way to the user. */
  readonly accepts: AcceptQueue;
  /** Whether to refuse the streams that the peer opens: we sent GoAway. */
  isRefusing = false;
  readonly #options: StreamTableOptions;
  readonly #link: StreamLink;
  readonly #streams = new Map<number, StreamCore>();
  readonly #ids: StreamIds;
  readonly #opens: OpenSlots;
  /** Those that the peer may have in its queue keep their slots in {@link #opens}. */
  readonly #abandoned: AbandonedStreams;
  /** The stream whose body is being read; undefined if the body is skipped. */
  #current: StreamCore | undefined;
  /** Whether the frame of that body has FIN, which counts after the body. */
  #currentHasFin = false;

  constructor(options: StreamTableOptions) {
    const { config, writer, firstId, onStuckOpen } = options;
    this.#options = options;
    this.#ids = new StreamIds(firstId);
    this.accepts = new AcceptQueue(config.acceptBacklog);
    this.#opens = new OpenSlots({
      limit: config.acceptBacklog,
      timeoutMs: config.streamOpenTimeoutMs,
      open: () => this.#openNow(),
      onTimeout: onStuckOpen,
    });
    this.#abandoned = new AbandonedStreams({
      timeoutMs: config.streamCloseTimeoutMs,
      onTaken: (id) => this.#opens.release(id),
      onDone: (id, needsReset) => {
        if (needsReset) writer.control(TYPE.WindowUpdate, FLAG.RST, id, 0);
        this.#opens.release(id);
      },
    });
    this.#link = this.#newLink();
  }

  #newLink(): StreamLink {
    const { config, writer, pings } = this.#options;
    return {
      config,
      writer,
      onTaken: ({ id }) => {
        this.#opens.release(id);
        this.#abandoned.tookUpTo(id);
      },
      abandon: ({ id }, hasFin) => this.#abandon(id, hasFin),
      // When the session ends before the answer, nothing is left to do.
      whenAnswered: (onAnswer) => void pings.send({}).then(onAnswer, () => {}),
      onHalfClosed: ({ id }) => this.#opens.stopTimer(id),
      onOver: ({ id }) => {
        this.#streams.delete(id);
        if (this.#abandoned.has(id)) this.#opens.stopTimer(id);
        else this.#opens.release(id);
      },
    };
  }

  /** False if the peer is to be told at once: it has the stream, and cannot have forgotten it. */
  #abandon(id: number, hasFin: boolean): boolean {
    const isQueued = this.#opens.has(id);
    if (!isQueued && !hasFin) return false;
    this.#abandoned.add(id, { hasFin, isQueued });
    if (!isQueued) this.#link.whenAnswered(() => this.#abandoned.answered(id));
    return true;
  }

  /** Streams that are not over. A stream that is over may still have bytes for its reader. */
  get size(): number {
    return this.#streams.size;
  }

  /** At once, or when an unconfirmed open is confirmed or over [YAMUX-14]. */
  open(options: WaitOptions): Promise<Stream> {
    return this.#opens.open(options);
  }

  /** The peer takes no more streams. */
  failOpens(error: () => MuxError): void {
    this.#opens.fail(error);
  }

  /** The session ended. Calls users, which may give up further streams meanwhile. */
  end(error: (streamId?: number) => MuxError): void {
    this.#opens.stop(error);
    this.#abandoned.stop();
    for (const stream of [...this.#streams.values()]) stream.drop(error(stream.id));
  }

  /** A header of type Data or WindowUpdate; either may begin a stream [YAMUX-16]. */
  onHeader(type: number, flags: number, streamId: number, length: number): void {
    this.#current = undefined;
    const isNew = (flags & FLAG.SYN) !== 0;
    if (isNew && !this.#onSyn(streamId)) return;
    const stream = this.#streams.get(streamId);
    if (stream === undefined) {
      if (this.#abandoned.receive(streamId, flags)) return;
      this.#logUnknown(type, flags, streamId, length);
    } else if (type === TYPE.Data && !stream.admit(length)) {
      this.#options.onViolation("recv-window-exceeded", streamId, `: ${length} bytes`);
    } else {
      this.#onStreamFrame(stream, type, flags, length);
      if (isNew) this.accepts.offer(stream);
    }
  }

  /** A piece of the body of the last header. */
  onBody(piece: Uint8Array): void {
    this.#current?.receiveBody(piece);
  }

  /** The body is complete: now its frame's FIN counts. */
  onBodyEnd(): void {
    const stream = this.#current;
    this.#current = undefined;
    if (stream !== undefined && this.#currentHasFin) this.#onFin(stream);
  }

  /** The flags count in this order, then the window or the body; FIN after the body [YAMUX-31]. */
  #onStreamFrame(stream: StreamCore, type: number, flags: number, length: number): void {
    const hasFin = (flags & FLAG.FIN) !== 0;
    if (flags & FLAG.ACK) stream.receiveAck();
    if (flags & FLAG.RST) stream.receiveReset();
    else if (type === TYPE.Data) {
      this.#current = stream;
      this.#currentHasFin = hasFin;
    } else {
      stream.grant(length);
      if (hasFin) this.#onFin(stream);
    }
  }

  #onFin(stream: StreamCore): void {
    if (stream.receiveFin()) return;
    this.#options.onViolation("unexpected-flag", stream.id, ": a second FIN");
  }

  /** Makes the stream of a SYN; false if there is none to go on with. As in Go, any free id will do [YAMUX-4]. */
  #onSyn(streamId: number): boolean {
    const { writer, onViolation } = this.#options;
    if (this.#streams.has(streamId) || this.#abandoned.has(streamId)) {
      onViolation("duplicate-stream", streamId, "");
      return false;
    }
    if (this.isRefusing || this.accepts.isFull) {
      if (!this.isRefusing) {
        this.#log(`backlog exceeded, forcing connection reset (stream ${streamId})`);
      }
      writer.control(TYPE.WindowUpdate, FLAG.RST, streamId, 0);
      return false;
    }
    const stream = new StreamCore(streamId, this.#link);
    this.#streams.set(streamId, stream);
    stream.receiveSyn();
    return true;
  }

  /** The SYN is queued when this returns, so data written next follows it. */
  #openNow(): Stream {
    const id = this.#ids.take((taken) => this.#streams.has(taken));
    if (id === undefined) throw yamuxError("streams-exhausted");
    const stream = new StreamCore(id, this.#link);
    this.#streams.set(id, stream);
    this.#opens.add(id);
    stream.sendSyn();
    return stream;
  }

  /** Such frames crossed our own end of the stream: they are not an error, and their bodies are skipped [YAMUX-36]. */
  #logUnknown(type: number, flags: number, streamId: number, length: number): void {
    if (this.#options.config.logger === undefined) return;
    const header = formatHeader({ version: VERSION, type, flags, streamId, length });
    if (type === TYPE.Data && length > 0) this.#log(`Discarding data for stream: ${streamId}`);
    else this.#log(`frame for missing stream: ${header}`);
  }

  #log(what: string): void {
    this.#options.config.logger?.("warn", `yamux: ${what}`);
  }
}
