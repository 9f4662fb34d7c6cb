/** What a plugin prints, on its way to the host [PLUGIN-2] [PLUGIN-11]. */
import { getDefaultHighWaterMark } from "node:stream";
import type { Stream } from "../../mux/stream.js";
import { ByteQueue } from "../../protocol/bytes/queue.js";
import { PluginError } from "../errors.js";
import { settledOrStalled } from "../settled.js";
import { WaitingBound, type WaitingBoundOptions } from "./waiting-bound.js";
import { type WriteDone, WriteMarks } from "./write-marks.js";

/** A stream gets pieces of this size. Thus it holds little more than its mark, however long a write is. */
const PIECE_BYTES = 64 * 1024;

/** How long {@link SyncOutput.settle} waits for a host that takes nothing, in milliseconds. */
const STALL_MS = 500;

/** The sync stream of a host that gets the output. */
interface Receiver {
  readonly stream: Stream;
  /** Whether the stream takes more now, or has to drain first. */
  isWritable: boolean;
}

/**
 * One redirected output of a plugin: stdout or stderr. Output waits here while no host is connected, and while the
 * host does not read, up to a bound. See `carry` for the Node stream in front of it.
 */
export class SyncOutput {
  readonly #bound: WaitingBound;
  readonly #highWaterBytes: number;
  readonly #waiting = new ByteQueue();
  readonly #marks = new WriteMarks();
  /** The connected hosts. The last one gets the output. */
  readonly #receivers: Receiver[] = [];
  /** Bytes since the start, without those that were lost at the bound. */
  #accepted = 0;
  /** So many of them are with a stream that we wait for to flush; undefined when we do not wait. */
  #flushing: number | undefined;
  #needsDrain = false;
  #state: "open" | "exiting" | "closed" = "open";
  /** Called when {@link write} has returned false and nothing waits any more. */
  onDrain: () => void = () => {};

  /** @throws PluginError `bad-config`. */
  constructor(options: WaitingBoundOptions) {
    this.#bound = new WaitingBound(options);
    // Never above the bound: a program that heeds the result of `write` loses nothing.
    this.#highWaterBytes = Math.min(getDefaultHighWaterMark(false), this.#bound.maxBytes);
  }

  /** How many bytes wait for a host. */
  get waitingBytes(): number {
    return this.#waiting.byteLength;
  }

  /** Whether the last {@link write} returned false, and {@link onDrain} was not called yet. */
  get needsDrain(): boolean {
    return this.#needsDrain;
  }

  /** Sends to `stream` what waits and all that follows. When it ends, the host that was attached before it gets the rest. */
  attach(stream: Stream): void {
    const receiver: Receiver = { stream, isWritable: true };
    this.#receivers.push(receiver);
    stream.start({
      // The host never writes on this stream.
      onData: () => {},
      onEnd: () => {
        this.#receivers.splice(this.#receivers.indexOf(receiver), 1);
        stream.end();
        this.#flush();
      },
      onDrain: () => {
        receiver.isWritable = true;
        this.#flush();
      },
    });
    this.#flush();
  }

  /**
   * Takes printed bytes; copies them.
   *
   * @param done - called when they are with the host's connection, or with an error when they are lost.
   * @returns false when so many bytes wait that the program should go on at {@link onDrain}.
   */
  write(chunk: Uint8Array, done?: WriteDone): boolean {
    if (this.#state === "closed" || this.#bound.isLost(chunk.length, this.waitingBytes)) {
      if (done !== undefined) process.nextTick(done, lostError());
      this.#needsDrain = this.#state !== "closed";
      return !this.#needsDrain;
    }
    this.#waiting.pushCopy(chunk);
    this.#accepted += chunk.length;
    if (done !== undefined) this.#marks.add(this.#accepted, done);
    this.#flush();
    this.#needsDrain ||= this.waitingBytes >= this.#highWaterBytes;
    return !this.#needsDrain;
  }

  /** Resolves when everything written until now has left or is lost. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#marks.add(this.#accepted, () => resolve());
      this.#flush();
    });
  }

  /** As {@link flushed}, but does not wait for a host that is not there, or that takes nothing for {@link STALL_MS}. */
  async settle(): Promise<void> {
    if (this.#receivers.length === 0) return;
    await settledOrStalled(this.flushed(), STALL_MS, () => this.#taken);
  }

  /** Our process ends in this turn: sends what the connection takes at once, now and at each write from now on. */
  exit(): void {
    if (this.#state === "closed") return;
    this.#state = "exiting";
    this.#flush();
    this.#bound.end(this.waitingBytes);
  }

  /** Takes and sends nothing more. What waits is lost. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#bound.end(this.waitingBytes);
    this.#waiting.clear();
    this.#marks.settle(this.#accepted, lostError());
    this.#tellDrain();
  }

  /** How many bytes streams have taken. */
  get #taken(): number {
    return this.#accepted - this.waitingBytes;
  }

  #flush(): void {
    const receiver = this.#receivers.at(-1);
    if (receiver !== undefined) this.#send(receiver);
    // Only those who wait for nothing: the callbacks of a stream that has ended come from there.
    else if (this.#flushing === undefined) this.#marks.settle(this.#taken);
  }

  #send(receiver: Receiver): void {
    const { stream } = receiver;
    while (receiver.isWritable && this.waitingBytes > 0) {
      receiver.isWritable = stream.write(this.#waiting.shift(PIECE_BYTES)!);
    }
    if (this.#state === "exiting") stream.flush();
    this.#bound.relieve(this.waitingBytes);
    this.#settleMarks(stream, this.#taken);
    if (this.waitingBytes === 0) this.#tellDrain();
  }

  /** The callbacks of what `stream` has are called when it has left. */
  #settleMarks(stream: Stream, taken: number): void {
    if (!this.#marks.isDue(taken) || this.#flushing === taken) return;
    this.#flushing = taken;
    void stream.flushed().then((hasLeft) => {
      if (this.#flushing === taken) this.#flushing = undefined;
      this.#marks.settle(taken, hasLeft ? undefined : lostError());
    });
  }

  #tellDrain(): void {
    if (!this.#needsDrain) return;
    this.#needsDrain = false;
    process.nextTick(() => this.onDrain());
  }
}

const lostError = (): PluginError =>
  new PluginError("output-lost", "plugin: output was lost: the host does not read it", {
    phase: "serve",
  });
