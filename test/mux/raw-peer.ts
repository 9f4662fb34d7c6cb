/**
 * A peer that sends and receives single frames, and can break every rule. Its codec is simple and was
 * written from the spec alone, so that it checks the one under test.
 */

import type { Duplex } from "node:stream";

const TYPES = ["Data", "WindowUpdate", "Ping", "GoAway"];
const FLAGS = ["SYN", "ACK", "FIN", "RST"];

/** One frame as text: `WindowUpdate|SYN 1 786432`, for Data with the body quoted: `Data 1 5 "hello"`. */
export function frameText(header: Buffer, body: Buffer): string {
  const flags = header.readUInt16BE(2);
  const names = FLAGS.filter((_, bit) => flags & (1 << bit));
  const kind = [TYPES[header.readUInt8(1)], ...names].join("|");
  const text = `${kind} ${header.readUInt32BE(4)} ${header.readUInt32BE(8)}`;
  return body.length > 0 ? `${text} ${JSON.stringify(body.toString("latin1"))}` : text;
}

/** The bytes of a frame given as text, without the length of a body: `frame("Data|FIN 1", "hello")`. */
export function frame(text: string, body: string | Uint8Array = ""): Buffer {
  const [kind = "", id = "0", length] = text.split(" ");
  const [type = "", ...flags] = kind.split("|");
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(12);
  header.writeUInt8(TYPES.indexOf(type), 1);
  const bits = flags.map((flag) => 1 << FLAGS.indexOf(flag));
  header.writeUInt16BE(
    bits.reduce((a, b) => a | b, 0),
    2,
  );
  header.writeUInt32BE(Number(id), 4);
  header.writeUInt32BE(length === undefined ? bytes.length : Number(length), 8);
  return Buffer.concat([header, bytes]);
}

export class RawPeer {
  readonly #duplex: Duplex;
  #buffer = Buffer.alloc(0);
  readonly #frames: string[] = [];
  /** How many of them were taken. They stay in the array, because shifting a long array is slow. */
  #taken = 0;
  #syncs = 0xfeed_0000;
  #onFrame: (() => void) | undefined;
  #isEnded = false;
  /** Resolves when the session under test has ended its side. */
  readonly ended: Promise<void>;

  constructor(duplex: Duplex) {
    this.#duplex = duplex;
    duplex.on("error", () => {});
    duplex.on("data", (chunk: Buffer) => this.#onData(chunk));
    this.ended = new Promise((resolve) => {
      duplex.on("end", () => {
        this.#isEnded = true;
        resolve();
        this.#onFrame?.();
      });
    });
  }

  send(text: string, body?: string | Uint8Array): void {
    this.sendBytes(frame(text, body));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#duplex.write(bytes);
  }

  /** Closes the connection, in order. */
  end(): void {
    this.#duplex.end();
  }

  /** All frames so far that were not taken before. */
  take(): string[] {
    const rest = this.#frames.slice(this.#taken);
    this.#taken = this.#frames.length;
    return rest;
  }

  /** The next frame; rejects when the connection ends first. */
  async next(): Promise<string> {
    while (this.#frames.length === this.#taken) {
      if (this.#isEnded) throw new Error("the connection ended before the next frame");
      await new Promise<void>((resolve) => {
        this.#onFrame = resolve;
      });
    }
    this.#taken += 1;
    return this.#frames[this.#taken - 1] as string;
  }

  /** All frames that precede the answer to a ping of ours: everything sent before has been handled. */
  async sync(): Promise<string[]> {
    this.#syncs += 1;
    this.send(`Ping|SYN 0 ${this.#syncs}`);
    const seen: string[] = [];
    for (;;) {
      const text = await this.next();
      if (text === `Ping|ACK 0 ${this.#syncs}`) return seen;
      seen.push(text);
    }
  }

  #onData(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const isData = this.#buffer.length >= 12 && this.#buffer.readUInt8(1) === 0;
      const size = 12 + (isData ? this.#buffer.readUInt32BE(8) : 0);
      if (this.#buffer.length < size) break;
      const [header, body] = [this.#buffer.subarray(0, 12), this.#buffer.subarray(12, size)];
      this.#frames.push(frameText(header, body));
      this.#buffer = this.#buffer.subarray(size);
    }
    this.#onFrame?.();
  }
}
