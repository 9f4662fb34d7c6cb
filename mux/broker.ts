/** The id exchange over a session: who opens a stream says for what, and waits to be confirmed [BROKER-1]. */

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

export interface BrokerOptions {
  /**
   * How long {@link Broker.accept} waits for the peer to dial, how long a stream that came early is kept
   * for it, and how long a stream may take to say its id. Default 5,000, as in Go.
   */
  readonly acceptTimeoutMs?: number | undefined;
  /**
   * How long {@link Broker.dial} waits to be confirmed. Default: `acceptTimeoutMs` and half as much
   * again, so that a Go peer, which closes the stream after its 5 s, has the first word. Go: no limit.
   */
  readonly dialTimeoutMs?: number | undefined;
  /** Streams of the peer that nobody accepted yet; more are reset. Default 1,024. */
  readonly maxPending?: number | undefined;
}

const ID_BYTES = 4;
const MAX_ID = 2 ** 32 - 1;

/** What an id has here: a stream that came first, or a wait that did. */
type Slot =
  | { readonly kind: "stream"; readonly stream: Stream; readonly patience: Bound }
  | { readonly kind: "wait"; readonly wait: Wait<Stream> };

/**
 * Ids that two programs tell each other in their own messages become streams: one side accepts the id,
 * the other dials it, in either order within 5 s. Ids belong to the side that accepts.
 *
 * Needs nothing of the session but its streams. Go: `plugin.MuxBroker`.
 */
export class Broker {
  readonly #session: Session;
  readonly #acceptTimeoutMs: number;
  readonly #dialTimeoutMs: number;
  readonly #maxPending: number;
  readonly #slots = new Map<number, Slot>();
  /** Streams in our care: without an id yet, in a slot, or refused and not closed by the peer yet. */
  readonly #pending = new Set<Stream>();
  #lastId = 0;

  constructor(session: Session, options: BrokerOptions = {}) {
    this.#session = session;
    this.#acceptTimeoutMs = options.acceptTimeoutMs ?? 5_000;
    this.#dialTimeoutMs = options.dialTimeoutMs ?? this.#acceptTimeoutMs * 1.5;
    this.#maxPending = options.maxPending ?? 1_024;
    void session.closed.then((reason) => this.#onSessionEnd(reason));
  }

  /** A new id to accept, from 1; after 2^32-1 comes 1 again [BROKER-2]. Go: `NextId`. */
  nextId(): number {
    this.#lastId = idAfter(this.#lastId);
    return this.#lastId;
  }

  /** Takes every stream that the peer opens from now on. Go: `Run`, without the loop. */
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
   * @param id - below 2^32, told to the peer before or after. `timeoutMs`: default `acceptTimeoutMs`.
   * @throws MuxError `timeout`, `aborted`, `duplicate-id`, `session-shutdown`. Go: `Accept`.
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
   * @param id - from the peer. `timeoutMs`: default `dialTimeoutMs`.
   * @throws MuxError `eof` (the peer closed the stream: nobody accepted in time), `bad-ack`, `timeout`,
   * `aborted`, `connection-reset`, `session-shutdown`, and those of {@link Session.open}. Go: `Dial`.
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

  /** Takes one stream of the peer: reads its id, and gives it to who accepts that id [BROKER-4]. */
  handle(stream: Stream): void {
    // [BROKER-9]
    if (this.#pending.size >= this.#maxPending) {
      stream.destroy();
      return;
    }
    this.#pending.add(stream);
    void stream.closed.then(() => this.#pending.delete(stream));
    // Each stream on its own: one that never says its id holds up no other.
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

  /** For an accept that comes later [BROKER-5]. */
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
    // A dialer that gave up makes room for its next try.
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

  /** Go's dialer sees EOF before any ack. It answers with its own FIN; one that does not is reset. */
  #refuse(stream: Stream): void {
    stream.end();
    const patience = this.#patience(() => stream.destroy());
    void stream.closed.then(() => patience.release());
  }

  /** As long as Go's: never a reason to keep the process alive. */
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

/** Exported for its test: nobody counts to 2^32. */
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

/** Says in the broker's words what the session or the stream said. */
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
