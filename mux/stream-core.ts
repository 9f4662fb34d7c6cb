/** The one object of a stream: its user holds it as a {@link Stream}, its session and writer drive it. */

import { Latch } from "../protocol/async/latch.js";
import { Timer } from "../protocol/async/timer.js";
import type { ConnHandler } from "../protocol/bytes/conn.js";
import type { SessionConfig } from "./config.js";
import { yamuxError } from "./errors.js";
import { RecvWindow } from "./flow-window.js";
import { FLAG, TYPE } from "./frame.js";
import type { FrameSource, FrameWriter } from "./frame-writer.js";
import { readPrefix } from "./read-prefix.js";
import { ReceiveHalf } from "./receive-half.js";
import { reportThrown } from "./report-thrown.js";
import { SendHalf } from "./send-half.js";
import type { Stream } from "./stream.js";
import { nextState, type StreamEvent, type StreamState } from "./stream-state.js";
import type { WaitOptions } from "./wait.js";

/** What a stream needs of its session. */
export interface StreamLink {
  readonly config: SessionConfig;
  readonly writer: FrameWriter;
  /** The peer took the stream, as an ACK tells, or data after our FIN. Only the first call has an effect. */
  onTaken(stream: StreamCore): void;
  /**
   * The user gives up a stream that the peer has not confirmed, or that we have ended. False if a reset is due;
   * else it is sent later, if the peer has not ended the stream by then [YAMUX-55] [YAMUX-57].
   */
  abandon(stream: StreamCore, hasFin: boolean): boolean;
  /** Pings the peer, and calls `onAnswer` when the answer came and the frames with it were handled. */
  whenAnswered(onAnswer: () => void): void;
  /** One side ended its half. */
  onHalfClosed(stream: StreamCore): void;
  /** The stream is over: no frame of its id concerns it from now on. */
  onOver(stream: StreamCore): void;
}

/**
 * A stream that nobody accepts is confirmed after this time all the same, because Go ends the whole
 * session 75 s after an open without an answer [YAMUX-13].
 */
const LATEST_ACK_MS = 5_000;

/**
 * A stream with the methods of its session, which are not part of {@link Stream}.
 *
 * The state changes before the frame that tells the peer is queued. Queuing a frame can end the session,
 * and with it this stream: see {@link FrameWriter.control}.
 */
export class StreamCore implements Stream, FrameSource {
  readonly id: number;
  readonly #closed = new Latch();
  /** Our FIN left, or nothing can be sent any more for this reason. */
  readonly #finished = new Latch<Error | undefined>();
  readonly #link: StreamLink;
  readonly #recvWindow: RecvWindow;
  readonly #receive: ReceiveHalf;
  readonly #send = new SendHalf();
  #state: StreamState = "Init";
  #ackTimer: NodeJS.Timeout | undefined;
  #closeTimer: Timer | undefined;
  #isCreditPlanned = false;

  constructor(id: number, link: StreamLink) {
    this.id = id;
    this.#link = link;
    this.#recvWindow = new RecvWindow(link.config.maxStreamWindowBytes);
    this.#receive = new ReceiveHalf(
      (byteLength) => this.#onConsumed(byteLength),
      (error) => this.#onThrow(error),
    );
  }

  // For the user

  get state(): StreamState {
    return this.#state;
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get finished(): Promise<Error | undefined> {
    return this.#finished.promise;
  }

  start(handler: ConnHandler): void {
    this.#receive.start(handler);
    this.#giveCredit();
  }

  /** What is written after the end is dropped: true, because waiting for room would be in vain. */
  write(chunk: Uint8Array, onSent?: () => void): boolean {
    if (!this.#send.isOpen) return true;
    const hasRoom = this.#send.write(chunk, onSent);
    if (this.#send.hasFrame) this.#link.writer.ready(this);
    return hasRoom;
  }

  flush(): void {
    if (this.#send.hasFrame) this.#link.writer.flushNow();
  }

  async flushed(): Promise<boolean> {
    const isFramed = await this.#send.framed();
    if (isFramed) await this.#link.writer.taken();
    return isFramed;
  }

  pause(): void {
    this.#receive.pause();
  }

  resume(): void {
    this.#receive.resume();
  }

  end(): void {
    if (!this.#send.isOpen) return;
    this.#send.end();
    this.#startCloseTimer();
    if (this.#send.hasFrame) this.#link.writer.ready(this);
  }

  destroy(error?: Error): void {
    const reason = error ?? yamuxError("stream-closed", `stream ${this.id}`, { streamId: this.id });
    if (!this.#isOver) {
      const hasFin = this.#state === "LocalClose";
      const mayWait = hasFin || this.#state === "SYNSent";
      this.#to("reset");
      if (!mayWait || !this.#link.abandon(this, hasFin)) this.#control(FLAG.RST, 0);
      this.#leave(reason);
    }
    this.#receive.abort(reason);
  }

  readPrefix(byteLength: number, options: WaitOptions = {}): Promise<Uint8Array> {
    return readPrefix(this.#receive, this.id, byteLength, options);
  }

  // From the session

  /** Announces the stream, with all the credit we give, before any data [YAMUX-10]. */
  sendSyn(): void {
    this.#to("sendSYN");
    this.#control(FLAG.SYN, this.#recvWindow.grantAll());
  }

  /** The peer announced it. */
  receiveSyn(): void {
    this.#to("recvSYN");
  }

  /** Nobody takes it yet: the peer is confirmed later, but not too late [YAMUX-13]. */
  sendAckLater(): void {
    if (this.#state !== "SYNReceived") return;
    this.#ackTimer = setTimeout(() => this.sendAck(false), LATEST_ACK_MS).unref();
  }

  /**
   * Confirms the stream, unless the peer has ended it already [YAMUX-12]. The credit beyond the initial
   * one comes now, or with the first need for it.
   */
  sendAck(withCredit: boolean): void {
    clearTimeout(this.#ackTimer);
    if (this.#state !== "SYNReceived") return;
    this.#to("sendACK");
    this.#control(FLAG.ACK, withCredit ? this.#recvWindow.grantAll() : 0);
  }

  /** The peer confirmed it. */
  receiveAck(): void {
    this.#to("recvACK");
    this.#link.onTaken(this);
  }

  /** Takes a Data header into account: false if the peer may not send that much [YAMUX-22]. */
  admit(byteLength: number): boolean {
    return this.#recvWindow.receive(byteLength);
  }

  /** A piece of the body of an admitted frame; borrowed. */
  receiveBody(piece: Uint8Array): void {
    this.#closeTimer?.restart();
    // Go sends no ACK for a stream that we ended before it took the stream [YAMUX-12].
    if (this.#state === "LocalClose") this.#link.onTaken(this);
    this.#receive.receive(piece);
  }

  /** False if the peer may not end it, because it has done so before [YAMUX-33]. */
  receiveFin(): boolean {
    // The user may have given the stream up while the body of this very frame was delivered.
    if (this.#isOver) return true;
    if (nextState(this.#state, "recvFIN") === undefined) return false;
    this.#to("recvFIN");
    this.#halfClosed();
    this.#receive.finish(undefined);
    return true;
  }

  /** The peer gave the stream up: what is not delivered yet is lost, as in Go [YAMUX-34]. */
  receiveReset(): void {
    // An ACK in the same frame may have opened the next stream, and that may have ended the session.
    if (this.#isOver) return;
    const facts = { streamId: this.id, remote: true };
    const error = yamuxError("connection-reset", `stream ${this.id}, by the peer`, facts);
    this.#to("reset");
    this.#leave(error);
    this.#receive.abort(error);
  }

  /** The peer takes that much more. */
  grant(byteLength: number): void {
    this.#send.grant(byteLength);
    if (this.#send.hasFrame) this.#link.writer.ready(this);
  }

  /** The session ended: what arrived is still delivered [YAMUX-45]. */
  drop(error: Error): void {
    // The user of another stream may have given this one up when told that the session ended.
    if (this.#isOver) return;
    this.#to("drop");
    this.#leave(error);
    this.#receive.finish(error);
  }

  // From the writer

  sendFrame(out: FrameWriter): boolean {
    this.#closeTimer?.restart();
    this.#send.sendData(out, this.id);
    if (this.#send.isFinDue) {
      this.#to("sendFIN");
      this.#send.sendFin(out, this.id);
      this.#halfClosed();
    }
    return this.#send.hasFrame;
  }

  afterFlush(): void {
    this.#send.afterFlush();
    if (this.#send.isFinSent) this.#finished.set(undefined);
    if (this.#send.takeDrain()) this.#tellDrain();
  }

  // Inside

  get #isOver(): boolean {
    return this.#state === "Closed" || this.#state === "Reset";
  }

  /** Callers ask first whether the table allows the event: one that it lacks is a bug of ours. */
  #to(event: StreamEvent): void {
    const next = nextState(this.#state, event);
    if (next === undefined) {
      throw new Error(`yamux: ${event} in state ${this.#state} of stream ${this.id}`);
    }
    this.#state = next;
  }

  #control(flags: number, length: number): void {
    this.#link.writer.control(TYPE.WindowUpdate, flags, this.id, length);
  }

  /** One more side has sent FIN. */
  #halfClosed(): void {
    if (this.#isOver) this.#leave(undefined);
    else this.#link.onHalfClosed(this);
  }

  /**
   * Leaves the table and wakes everyone who waits for the sending half.
   *
   * @param error - why nothing can be sent any more. It means nothing if our FIN has left.
   */
  #leave(error: Error | undefined): void {
    clearTimeout(this.#ackTimer);
    this.#closeTimer?.clear();
    this.#closeTimer = undefined;
    this.#send.abort();
    this.#link.writer.forget(this);
    this.#link.onOver(this);
    this.#finished.set(this.#send.isFinSent ? undefined : error);
    this.#closed.set();
    // Those who wait for `finished` hear first that what waits is lost.
    if (this.#send.takeDrain()) void this.#finished.promise.then(() => this.#tellDrain());
  }

  #onConsumed(byteLength: number): void {
    this.#recvWindow.consume(byteLength);
    this.#giveCredit();
  }

  #giveCredit(): void {
    if (this.#state === "LocalClose") this.#giveCreditLater();
    else this.#giveCreditNow();
  }

  /**
   * After our FIN the stream ends with the peer's: Go forgets it then, and logs credit that comes later. Thus the
   * peer gets credit when it will soon need some, and was first asked for a sign that follows all it has sent
   * [YAMUX-56].
   */
  #giveCreditLater(): void {
    if (this.#isCreditPlanned || !this.#recvWindow.isLow) return;
    this.#isCreditPlanned = true;
    this.#link.whenAnswered(() => {
      this.#isCreditPlanned = false;
      this.#giveCreditNow();
    });
  }

  /** No credit to a peer that sends no more: Go would log it as a frame for a missing stream [YAMUX-26]. */
  #giveCreditNow(): void {
    if (this.#receive.end !== undefined || this.#isOver) return;
    const delta = this.#recvWindow.grantWhenDue();
    if (delta > 0) this.#control(0, delta);
  }

  #onThrow(error: unknown): void {
    this.destroy(error instanceof Error ? error : undefined);
    reportThrown(error);
  }

  #tellDrain(): void {
    try {
      this.#receive.handler.onDrain?.();
    } catch (error) {
      this.#onThrow(error);
    }
  }

  /** Bounds the time between our end and the peer's [YAMUX-35]. */
  #startCloseTimer(): void {
    const timeoutMs = this.#link.config.streamCloseTimeoutMs;
    if (timeoutMs === 0 || this.#isOver) return;
    this.#closeTimer = new Timer(timeoutMs, () => this.#onCloseTimeout(timeoutMs), false);
  }

  #onCloseTimeout(timeoutMs: number): void {
    const what = `stream ${this.id}: the peer did not close it within ${timeoutMs} ms`;
    const error = yamuxError("timeout", what, { streamId: this.id, remote: true });
    this.#to("drop");
    this.#control(FLAG.RST, 0);
    this.#leave(error);
    this.#receive.finish(error);
  }
}
