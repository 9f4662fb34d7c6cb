/**
 * The broker's exchange of ids: the side that opens a stream writes the id that the stream is for, and
 * waits until the peer confirms it [BROKER-1].
 */

import { Bound, type Wait } from "../protocol/async/wait.js";
import {
  isMuxError,
  MuxError,
  type MuxErrorCode,
  type MuxErrorFacts,
  withoutLayer,
} from "./errors.js";
import type { Session } from "./session.js";
import type { Stream } from "./stream.js";
import { muxWait, throwIfAborted, type WaitOptions } from "./wait.js";

/** Limits of a {@link Broker}. */
export interface BrokerOptions {
  /**
   * Milliseconds that {@link Broker.accept} waits for the peer to dial, that a stream which came before its
   * accept is kept, and that the peer may take to write the id. Default 5,000, as in Go.
   */
  readonly acceptTimeoutMs?: number | undefined;
  /**
   * Milliseconds that {@link Broker.dial} waits to be confirmed. Default: 1.5 times `acceptTimeoutMs`. A Go
   * peer gives up after its 5 s and closes the stream, which tells more than our own timeout. Go: no limit.
   */
  readonly dialTimeoutMs?: number | undefined;
  /** Streams of the peer that nobody accepted yet. One more is reset. Default 1,024. */
  readonly maxPending?: number | undefined;
}

const ID_BYTES = 4;
const MAX_ID = 2 ** 32 - 1;

/** What is there for an id: a stream that came before its accept, or an accept that waits for its stream. */
type Slot =
  | { readonly kind: "stream"; readonly stream: Stream; readonly patience: Bound }
  | { readonly kind: "wait"; readonly wait: Wait<Stream> };

/**
 * Turns ids into streams. Two programs tell each other ids in their own messages; one side accepts an id,
 * the other one dials it, in either order within 5 s. Each side gives out the ids that it accepts.
 *
 * Needs nothing of the session except its streams. Go: `plugin.MuxBroker`.
 */
export class Broker {
  readonly #session: Session;
  readonly #acceptTimeoutMs: number;
  readonly #dialTimeoutMs: number;
  readonly #maxPending: number;
  readonly #slots = new Map<number, Slot>();
  /** Streams without an id yet, in a slot, or refused and not closed by the peer yet. */
  readonly #pending = new Set<Stream>();
  #lastId = 0;

  constructor(session: Session, options: BrokerOptions = {}) {
    this.#session = session;
    this.#acceptTimeoutMs = options.acceptTimeoutMs ?? 5_000;
    this.#dialTimeoutMs = options.dialTimeoutMs ?? this.#acceptTimeoutMs * 1.5;
    this.#maxPending = options.maxPending ?? 1_024;
    void session.closed.then((reason) => this.#onSessionEnd(reason));
  }

  /** A new id to accept: 1, 2, and so on; 2^32-1 is followed by 1 [BROKER-2]. Go: `NextId`. */
  nextId(): number {
    this.#lastId = idAfter(this.#lastId);
    return this.#lastId;
  }

  /** Makes this broker the session's `onStream`: it gets every stream that the peer opens. Go: `Run`. */
  run(): void {
    this.#session.onStream = (stream) => this.handle(stream);
  }

  /** Ends the session, and all its streams with it. Go: `Close`. */
  close(): Promise<void> {
    return this.#session.close();
  }

  /**
   * Waits for the peer to dial `id`, then confirms it. One waiter per id.
   *
   * Wire: the id as 4 bytes little-endian, sent back unchanged [BROKER-3], [BROKER-7].
   * @param id - below 2^32; the peer may learn it before or after this call.
   * @param options - `timeoutMs`: default `acceptTimeoutMs`.
   * @throws MuxError `timeout`, `aborted`, `duplicate-id`, `session-shutdown`.
   * @throws RangeError for an id out of range. Go: `Accept`.
   */
  async accept(id: number, options: WaitOptions = {}): Promise<Stream> {
    assertId(id);
    throwIfAborted(options, `accept of id ${id}`);
    if (this.#session.isClosed) throw shutdownError("accept", id, await this.#session.closed);
    const slot = this.#slots.get(id);
    if (slot?.kind === "wait") throw failure("duplicate-id", "accept", id, "already waited for");
    const stream = slot === undefined ? await this.#waitFor(id, options) : this.#takeOut(id, slot);
    stream.write(encodeId(id));
    return stream;
  }

  /**
   * Opens a stream for `id` and waits until the peer accepts it.
   *
   * Wire: the id as 4 bytes little-endian; the same comes back [BROKER-3], [BROKER-8].
   * @param id - from the peer.
   * @param options - `timeoutMs`: default `dialTimeoutMs`.
   * @throws MuxError `eof` (the peer closed the stream: nobody accepted in time), `bad-ack`, `timeout`,
   * `aborted`, `connection-reset`, `session-shutdown`, and those of {@link Session.open}.
   * @throws RangeError for an id out of range. Go: `Dial`.
   */
  async dial(id: number, options: WaitOptions = {}): Promise<Stream> {
    assertId(id);
    const limits = { signal: options.signal, timeoutMs: options.timeoutMs ?? this.#dialTimeoutMs };
    let stream: Stream | undefined;
    try {
      stream = await this.#session.open(limits);
      stream.write(encodeId(id));
      const ack = decodeId(await stream.readPrefix(ID_BYTES, limits));
      if (ack === id) return stream;
      const facts = { streamId: stream.id, brokerId: id, remote: true };
      throw new MuxError("bad-ack", `broker: bad ack: ${ack} (expected ${id})`, facts);
    } catch (cause) {
      stream?.destroy();
      throw dialError(id, stream?.id, cause);
    }
  }

  /** Takes one stream of the peer: reads its id, and gives the stream to the accept of that id [BROKER-4]. */
  handle(stream: Stream): void {
    // Bounds what a peer can make us keep [BROKER-9].
    if (this.#pending.size >= this.#maxPending) {
      stream.destroy();
      return;
    }
    this.#pending.add(stream);
    void stream.closed.then(() => this.#pending.delete(stream));
    // Streams do not wait for each other: the peer may never write the id of one.
    stream.readPrefix(ID_BYTES, { timeoutMs: this.#acceptTimeoutMs }).then(
      (bytes) => this.#arrive(decodeId(bytes), stream),
      () => this.#refuse(stream),
    );
  }

  #arrive(id: number, stream: Stream): void {
    const slot = this.#slots.get(id);
    // Go leaves the second stream of an id open for ever [BROKER-6].
    if (slot?.kind === "stream") this.#refuse(stream);
    else if (slot?.kind === "wait") {
      this.#slots.delete(id);
      this.#pending.delete(stream);
      slot.wait.resolve(stream);
    } else this.#keep(id, stream);
  }

  /** Keeps the stream for an accept that comes later [BROKER-5]. */
  #keep(id: number, stream: Stream): void {
    const release = (): void => {
      patience.release();
      if (this.#streamAt(id) === stream) this.#slots.delete(id);
    };
    const patience = this.#patience(() => {
      release();
      this.#refuse(stream);
    });
    this.#slots.set(id, { kind: "stream", stream, patience });
    // The peer gave up dialling: its next stream for this id must find the slot free.
    void stream.closed.then(release);
  }

  #streamAt(id: number): Stream | undefined {
    const slot = this.#slots.get(id);
    return slot?.kind === "stream" ? slot.stream : undefined;
  }

  #takeOut(id: number, slot: Slot & { kind: "stream" }): Stream {
    slot.patience.release();
    this.#slots.delete(id);
    this.#pending.delete(slot.stream);
    return slot.stream;
  }

  #waitFor(id: number, options: WaitOptions): Promise<Stream> {
    const timeoutMs = options.timeoutMs ?? this.#acceptTimeoutMs;
    const wait: Wait<Stream> = muxWait({ signal: options.signal, timeoutMs }, (code, cause) => {
      this.#slots.delete(id);
      const why =
        code === "timeout" ? `timeout waiting for accept: no stream in ${timeoutMs} ms` : code;
      return failure(code, "accept", id, why, { cause });
    });
    this.#slots.set(id, { kind: "wait", wait });
    return wait.promise;
  }

  /**
   * Sends FIN: Go's dialer reads EOF in place of the ack, and answers with its own FIN. The stream of a peer
   * that does not answer is reset.
   */
  #refuse(stream: Stream): void {
    stream.end();
    const patience = this.#patience(() => stream.destroy());
    void stream.closed.then(() => patience.release());
  }

  /** Limits how long a stream of the peer may stay as it is; does not keep the process alive. */
  #patience(onTimeout: () => void): Bound {
    return new Bound({ timeoutMs: this.#acceptTimeoutMs }, onTimeout, false);
  }

  #onSessionEnd(reason: MuxError | undefined): void {
    const slots = [...this.#slots];
    this.#slots.clear();
    for (const [id, slot] of slots) {
      if (slot.kind === "wait") slot.wait.reject(shutdownError("accept", id, reason));
      else slot.patience.release();
    }
  }
}

const DIAL_TEXT: { readonly [C in MuxErrorCode]?: string } = {
  eof: "EOF before the ack, nobody accepted the id at the peer",
  timeout: "timeout waiting for the ack",
  aborted: "aborted waiting for the ack",
};

/** The id after `id`. Exported for its test, which cannot count to 2^32. */
export const idAfter = (id: number): number => (id === MAX_ID ? 1 : id + 1);

function assertId(id: number): void {
  if (Number.isInteger(id) && id >= 0 && id <= MAX_ID) return;
  throw new RangeError(`broker: an id is a whole number from 0 to ${MAX_ID}, not ${id}`);
}

/** Little-endian, unlike everything else in yamux [BROKER-3]. */
function encodeId(id: number): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES);
  new DataView(bytes.buffer).setUint32(0, id, true);
  return bytes;
}

function decodeId(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function failure(
  code: MuxErrorCode,
  direction: "accept" | "dial",
  id: number,
  why: string,
  facts: MuxErrorFacts = {},
): MuxError {
  return new MuxError(code, `broker: ${why} (${direction} of id ${id})`, {
    ...facts,
    brokerId: id,
  });
}

function shutdownError(direction: "accept" | "dial", id: number, cause: unknown): MuxError {
  return failure("session-shutdown", direction, id, "session shutdown", { cause });
}

/** Adds the broker id and the broker's wording to an error of the session or the stream. */
function dialError(id: number, streamId: number | undefined, cause: unknown): unknown {
  if (!isMuxError(cause) || cause.code === "bad-ack") return cause;
  const { code, remote } = cause;
  const why = DIAL_TEXT[code] ?? withoutLayer(cause);
  return failure(code, "dial", id, why, {
    cause: code === "aborted" ? cause.cause : cause,
    streamId,
    remote,
  });
}
