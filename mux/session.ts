/** A yamux session: many streams over one connection. This file has what concerns all of them. */

import { Latch } from "../protocol/async/latch.js";
import { Bound } from "../protocol/async/wait.js";
import type { StreamHandler } from "./accept-queue.js";
import { type SessionConfig, verifyConfig } from "./config.js";
import {
  isMuxError,
  type MuxError,
  type MuxErrorCode,
  withoutLayer,
  yamuxError,
} from "./errors.js";
import { FLAG, GO_AWAY, TYPE } from "./frame.js";
import { FrameReader } from "./frame-reader.js";
import { FrameWriter } from "./frame-writer.js";
import { PeriodicPing } from "./periodic-ping.js";
import { Pings } from "./pings.js";
import type { Stream } from "./stream.js";
import { StreamTable, type Violation } from "./stream-table.js";
import type { Transport } from "./transport.js";
import type { WaitOptions } from "./wait.js";

/** How long a closed session waits until the peer closes the connection too. */
const CLOSE_GRACE_MS = 1_000;

const GO_AWAY_TEXT: Readonly<Record<number, string>> = {
  [GO_AWAY.ProtocolError]: "protocol error",
  [GO_AWAY.InternalError]: "internal error",
};
const GO_AWAY_REASON: Readonly<Record<number, MuxErrorCode>> = {
  [GO_AWAY.ProtocolError]: "remote-protocol-error",
  [GO_AWAY.InternalError]: "remote-internal-error",
};

/**
 * Many {@link Stream}s over one connection. Both sides open and accept streams.
 *
 * A session runs from its construction until one side closes it, the connection ends, or the peer breaks the
 * protocol. The connection is always read: flow control is per stream. Go: `yamux.Session`.
 */
export class Session {
  readonly #config: SessionConfig;
  readonly #transport: Transport;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  readonly #table: StreamTable;
  readonly #pings: Pings;
  readonly #periodicPing: PeriodicPing | undefined;
  /** Whether a chunk is being read. */
  #isReading = false;
  /** What the connection delivered while a chunk was being read: handled after the chunk. */
  readonly #nested: (() => void)[] = [];
  #remoteGoneAway = false;
  /** See {@link expectEnd}. */
  #isEndExpected = false;
  /** Why the session ended. The first reason stays. Undefined after our own close. */
  #reason: MuxError | undefined;
  readonly #closed = new Latch<MuxError | undefined>();
  readonly #transportEnd = new Latch();

  private constructor(transport: Transport, firstId: number, config?: Partial<SessionConfig>) {
    this.#config = verifyConfig(config);
    this.#transport = transport;
    this.#writer = new FrameWriter(transport, (waiting) => this.#onOverflow(waiting));
    this.#pings = new Pings(this.#writer);
    this.#table = new StreamTable({
      config: this.#config,
      writer: this.#writer,
      pings: this.#pings,
      firstId,
      onViolation: (code, streamId, what) => this.#onViolation(code, streamId, what),
      onStuckOpen: (id) => this.#onStuckOpen(id),
    });
    this.#reader = new FrameReader({
      onHeader: (type, flags, id, length) => this.#onHeader(type, flags, id, length),
      onBody: (piece) => this.#table.onBody(piece),
      onBodyEnd: () => this.#table.onBodyEnd(),
      onInvalid: (error) => this.#terminate(error, "cut"),
    });
    this.#periodicPing = this.#config.enableKeepAlive ? this.#startPeriodicPing() : undefined;
    transport.start({
      onData: (chunk) => this.#onData(chunk),
      onEnd: (error) => this.#whenRead(() => this.#onTransportEnd(error)),
      onDrain: () => this.#writer.onDrain(),
    });
  }

  /**
   * Starts a session as the side that gives out odd stream ids; with go-plugin, the host. Sends nothing until
   * the first stream or ping.
   * @throws MuxError `bad-config`. Go: `yamux.Client`.
   */
  static client(transport: Transport, config?: Partial<SessionConfig>): Session {
    return new Session(transport, 1, config);
  }

  /**
   * Starts a session as the side that gives out even stream ids; with go-plugin, the plugin.
   * @throws MuxError `bad-config`. Go: `yamux.Server`.
   */
  static server(transport: Transport, config?: Partial<SessionConfig>): Session {
    return new Session(transport, 2, config);
  }

  /** Whether the session has ended, for whatever reason. Go: `IsClosed`. */
  get isClosed(): boolean {
    return this.#closed.isSet;
  }

  /** Resolves when the session has ended: with the reason, or undefined after our own close. Never rejects. */
  get closed(): Promise<MuxError | undefined> {
    return this.#closed.promise;
  }

  /** Streams in the table: neither closed by both sides, nor reset, nor given up. Go: `NumStreams`. */
  get numStreams(): number {
    return this.#table.size;
  }

  /** Whether the peer said that it takes no new streams [YAMUX-40]. */
  get remoteGoneAway(): boolean {
    return this.#remoteGoneAway;
  }

  /**
   * Opens a stream, which may be written to at once. Does not wait for the peer, unless `acceptBacklog` opens
   * are unconfirmed: then it waits until one of them is confirmed or over.
   * @throws MuxError `session-shutdown`, `remote-go-away`, `streams-exhausted`, `timeout`, `aborted`.
   * Go: `Session.Open`.
   */
  async open(options: WaitOptions = {}): Promise<Stream> {
    if (this.isClosed) throw this.#shutdownError();
    if (this.#remoteGoneAway) throw yamuxError("remote-go-away", "", { remote: true });
    return this.#table.open(options);
  }

  /**
   * Waits for the next stream of the peer and confirms it. Streams that came before the session's end can
   * still be taken; after them it rejects with what ended the session.
   * @throws MuxError `timeout`, `aborted`; `session-shutdown` after our own close, else the reason of
   * {@link closed}. Go: `Session.Accept`.
   */
  accept(options: WaitOptions = {}): Promise<Stream> {
    return this.#table.accepts.take(options, () => this.#ended());
  }

  /**
   * Gets every stream of the peer, in place of {@link accept}. Undefined: streams wait to be accepted. When
   * the handler throws, the stream is reset, and the error becomes an uncaught exception.
   */
  get onStream(): StreamHandler | undefined {
    return this.#table.accepts.handler;
  }

  /** Streams that wait to be accepted go to the new handler before this returns. */
  set onStream(handler: StreamHandler | undefined) {
    this.#table.accepts.handler = handler;
  }

  /**
   * Measures the time to the peer and back, in milliseconds. A ping without an answer does not end the
   * session.
   * @param options - `timeoutMs`: default `connectionWriteTimeoutMs`.
   * @throws MuxError `timeout`, `connection-write-timeout` (the ping could not be sent), `aborted`,
   * `session-shutdown`. Go: `Session.Ping`.
   */
  async ping(options: WaitOptions = {}): Promise<number> {
    if (this.isClosed) throw this.#shutdownError();
    const timeoutMs = options.timeoutMs ?? this.#config.connectionWriteTimeoutMs;
    return this.#pings.send({ signal: options.signal, timeoutMs });
  }

  /** Tells the peer to open no more streams, and resets those it opens. All else goes on. Go: `GoAway`. */
  goAway(): void {
    this.#table.isRefusing = true;
    this.#writer.control(TYPE.GoAway, 0, 0, GO_AWAY.Normal);
  }

  /**
   * The peer was asked to end, in words of the layer above: whatever ends the connection now counts as our own close.
   * Its streams end without an error of the peer's.
   */
  expectEnd(): void {
    this.#isEndExpected = true;
  }

  /**
   * Ends the session and all its streams. As in Go, the peer is sent no GoAway: it sees the connection close.
   *
   * Without `error`, what is queued and within the peer's windows still leaves, and the promise resolves when
   * the peer has closed too, after a second at the latest [YAMUX-46]. With `error`, which becomes the reason,
   * the connection is cut at once, even while an earlier close waits. Safe to call again. Go: `Session.Close`.
   */
  close(error?: Error): Promise<void> {
    if (!this.isClosed) this.#terminate(error && asReason(error), error ? "cut" : "flush");
    else if (error) this.#transportEnd.set();
    return this.#transportEnd.promise;
  }

  // What arrives

  #onData(chunk: Uint8Array): void {
    if (this.#isReading) {
      const copy = chunk.slice();
      this.#nested.push(() => this.#reader.push(copy));
      return;
    }
    this.#isReading = true;
    this.#reader.push(chunk);
    for (let run = this.#nested.shift(); run !== undefined; run = this.#nested.shift()) run();
    this.#isReading = false;
    // Sends the answers, the credit, and what the users wrote meanwhile.
    this.#writer.flush();
  }

  /**
   * A chunk's consumer may flush, and a connection that delivers inside `uncork` then calls us again while the
   * chunk is being read. Frames must keep their order, so that such a call waits.
   */
  #whenRead(run: () => void): void {
    if (this.#isReading) this.#nested.push(run);
    else run();
  }

  #onHeader(type: number, flags: number, streamId: number, length: number): void {
    if (type === TYPE.Ping) this.#onPing(flags, length);
    else if (type === TYPE.GoAway) this.#onGoAway(length);
    else this.#table.onHeader(type, flags, streamId, length);
  }

  /** Every request is answered at once and in order [YAMUX-41]. */
  #onPing(flags: number, value: number): void {
    if (flags & FLAG.SYN) this.#writer.control(TYPE.Ping, FLAG.ACK, 0, value);
    else this.#pings.receive(value);
  }

  #onGoAway(code: number): void {
    if (code !== GO_AWAY.Normal) {
      const reason = GO_AWAY_REASON[code] ?? "unexpected-go-away";
      this.#log(`yamux: received ${GO_AWAY_TEXT[code] ?? "unexpected"} go away`);
      this.#terminate(yamuxError(reason, `go away code ${code}`, { remote: true }), "cut");
      return;
    }
    this.#remoteGoneAway = true;
    this.#table.failOpens(() => yamuxError("remote-go-away", "", { remote: true }));
  }

  #onTransportEnd(error: Error | undefined): void {
    this.#transportEnd.set();
    if (this.#isEndExpected) {
      this.#terminate(undefined, "cut");
      return;
    }
    const at = this.#reader.position;
    const where = at === undefined ? "the peer closed the connection" : `unexpected EOF ${at}`;
    this.#terminate(
      error === undefined
        ? yamuxError("eof", where, { remote: true })
        : yamuxError("connection-lost", error.message, { cause: error, remote: true }),
      "cut",
    );
  }

  // Ending

  /** The peer broke the protocol: sends GoAway, then ends the connection [YAMUX-44]. */
  #onViolation(code: Violation, streamId: number, what: string): void {
    this.#writer.control(TYPE.GoAway, 0, 0, GO_AWAY.ProtocolError);
    const detail = `stream ${streamId}${what}`;
    this.#terminate(yamuxError(code, detail, { streamId, remote: true }), "flush");
  }

  /** The peer neither confirmed nor ended a stream of ours in time [YAMUX-14]. */
  #onStuckOpen(streamId: number): void {
    this.#log(`yamux: aborted stream open: i/o deadline reached (stream ${streamId})`);
    const limit = `within ${this.#config.streamOpenTimeoutMs} ms`;
    const what = `aborted stream open: stream ${streamId} not acknowledged ${limit}`;
    this.#terminate(yamuxError("timeout", what, { streamId, remote: true }), "cut");
  }

  /** The peer causes answers faster than it reads them [YAMUX-9]. */
  #onOverflow(waitingBytes: number): void {
    const what = `${waitingBytes} bytes of answers wait, the peer does not read`;
    this.#terminate(yamuxError("connection-write-timeout", what, { remote: true }), "cut");
  }

  /** The only way to end: the first reason stays, and every wait ends once [YAMUX-45]. */
  #terminate(reason: MuxError | undefined, how: "flush" | "cut"): void {
    if (this.isClosed) return;
    this.#reason = reason;
    this.#closed.set(reason);
    this.#reader.stop();
    this.#periodicPing?.stop();
    if (how === "flush") this.#writer.flushAll();
    this.#writer.stop();
    this.#pings.fail(() => this.#shutdownError());
    this.#table.accepts.fail(reason ?? this.#shutdownError());
    this.#endTransport(how);
    // Last, because it calls users: they must find a session that has ended.
    this.#table.end((streamId) => this.#shutdownError(streamId));
  }

  #endTransport(how: "flush" | "cut"): void {
    if (how === "flush" && !this.#transportEnd.isSet) {
      this.#transport.end();
      const late = (): void => this.#transportEnd.set();
      const grace = new Bound({ timeoutMs: CLOSE_GRACE_MS }, late, false);
      void this.#transportEnd.promise.then(() => grace.release());
    } else this.#transportEnd.set();
    void this.#transportEnd.promise.then(() => this.#transport.destroy());
  }

  #shutdownError(streamId?: number): MuxError {
    const why = this.#reason ? withoutLayer(this.#reason) : "closed on this side";
    const detail = streamId === undefined ? why : `stream ${streamId}: ${why}`;
    const facts = { streamId, remote: this.#reason?.remote, cause: this.#reason };
    return yamuxError("session-shutdown", detail, facts);
  }

  /** Why no more streams can be accepted; undefined while the session runs. */
  #ended(): MuxError | undefined {
    return this.isClosed ? (this.#reason ?? this.#shutdownError()) : undefined;
  }

  #startPeriodicPing(): PeriodicPing {
    return new PeriodicPing({
      intervalMs: this.#config.keepAliveIntervalMs,
      timeoutMs: this.#config.connectionWriteTimeoutMs,
      ping: (timeoutMs) => this.#pings.send({ timeoutMs }),
      onDead: (error) => {
        this.#log(`yamux: keepalive failed: ${withoutLayer(error.cause as Error)}`);
        this.#terminate(error, "cut");
      },
    });
  }

  #log(message: string): void {
    this.#config.logger?.("error", message);
  }
}

function asReason(error: Error): MuxError {
  if (isMuxError(error)) return error;
  return yamuxError("session-shutdown", error.message, { cause: error });
}
