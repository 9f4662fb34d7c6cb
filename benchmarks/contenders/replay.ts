/**
 * The floor under a Node host. It sends the recorded bytes of a real host again and again, and only counts the bytes
 * of the replies. All calls have the same Seq, which a net/rpc server accepts.
 * `node replay.mjs PLUGIN-COMMAND...`
 */

import { Client } from "goplug";
import { connectSocket, type SocketTransport } from "../../lib/net/socket.js";
import { encodeHeader, HEADER_BYTES, TYPE } from "../../mux/frame.js";
import type { Measured } from "../contender.js";
import { answer } from "./answer.js";
import { bench, handshake } from "./bench-contract.js";
import { measured } from "./call-measure.js";
import { type RecordedCall, type Recording, record } from "./replay-record.js";
import { DataCounter } from "./replay-wire.js";

/** Half of the 256 KiB that every stream begins with. */
const CREDIT_BYTES = 128 << 10;
const MAX_IN_FLIGHT = 64;

class Replay {
  readonly #transport: SocketTransport;
  readonly #counter: DataCounter;
  readonly #credit = Buffer.alloc(HEADER_BYTES);
  #credited = 0;
  #onCount: (bytes: number) => void = () => {};

  /** Sends all bytes recorded before the calls, and waits for the same number of bytes as in the recording. */
  static async start(transport: SocketTransport, recording: Recording): Promise<Replay> {
    const replay = new Replay(transport, recording.streamId);
    await new Promise<void>((resolve) => {
      replay.#onCount = (bytes) => bytes >= recording.replyBytes && resolve();
      transport.write(recording.bytes);
    });
    return replay;
  }

  private constructor(transport: SocketTransport, streamId: number) {
    this.#transport = transport;
    this.#counter = new DataCounter((pong) => transport.write(pong));
    const view = new DataView(this.#credit.buffer, this.#credit.byteOffset);
    encodeHeader(view, 0, TYPE.WindowUpdate, 0, streamId, CREDIT_BYTES);
    transport.start({ onData: (chunk) => this.#onData(chunk), onEnd: () => {} });
  }

  measure({ request, replyBytes }: RecordedCall, inFlight: number, ms: number): Promise<Measured> {
    // All requests of a turn go out in one write.
    const requests = Buffer.alloc(request.length * MAX_IN_FLIGHT, request);
    const send = (count: number) =>
      this.#transport.write(requests.subarray(0, count * request.length));
    const before = this.#counter.bytes;
    const times: number[] = [];
    const start = performance.now();
    let last = start;
    let sent = inFlight;
    let replied = 0;
    return new Promise((resolve) => {
      this.#onCount = (bytes) => {
        const more = Math.floor((bytes - before) / replyBytes) - replied;
        if (more === 0) return;
        replied += more;
        const now = performance.now();
        times.push(now - last);
        last = now;
        if (now < start + ms) {
          sent += more;
          send(more);
        } else if (replied === sent) {
          resolve(measured(times, now - start, replied));
        }
      };
      send(inFlight);
    });
  }

  #onData(chunk: Uint8Array): void {
    this.#counter.push(chunk);
    if (this.#counter.bytes - this.#credited >= CREDIT_BYTES) {
      this.#credited += CREDIT_BYTES;
      this.#transport.write(this.#credit);
    }
    this.#onCount(this.#counter.bytes);
  }
}

async function main(command: readonly string[]): Promise<void> {
  const client = new Client({ handshake, plugins: { bench }, command });
  const address = await client.start();
  const recording = await record(address);
  const transport = await connectSocket(address);
  const replay = await Replay.start(transport, recording);
  await answer((name, ms) => {
    const [what = "", inFlight] = name.split(" ");
    return replay.measure(recording.calls[what]!, Number(inFlight), ms);
  });
  transport.destroy();
  await client.kill();
}

main(process.argv.slice(2));
