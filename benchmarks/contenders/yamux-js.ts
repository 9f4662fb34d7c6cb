/** A client with yamux-js. Its streams are Duplex streams. */

import { connect } from "node:net";
import { Transform } from "node:stream";
import { Client } from "yamux-js";
import { answerCases } from "./yamux-cases.js";

const HEADER_BYTES = 12;

/**
 * Passes one whole frame at a time to yamux-js, because it loses a frame that is split over two reads. Otherwise it
 * fails both downloads within a second.
 */
class WholeFrames extends Transform {
  #kept: Buffer = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    let rest = this.#kept.length > 0 ? Buffer.concat([this.#kept, chunk]) : chunk;
    while (rest.length >= HEADER_BYTES) {
      const isData = rest[1] === 0;
      const byteLength = HEADER_BYTES + (isData ? rest.readUInt32BE(8) : 0);
      if (rest.length < byteLength) break;
      this.push(rest.subarray(0, byteLength));
      rest = rest.subarray(byteLength);
    }
    this.#kept = rest;
    done();
  }
}

async function main([address = ""]: string[]): Promise<void> {
  const socket = connect(address);
  const client = new Client({ enableKeepAlive: false });
  const frames = new WholeFrames({ readableObjectMode: true });
  socket.pipe(frames).pipe(client).pipe(socket);
  await answerCases((sink) => {
    const stream = client.open();
    stream.on("data", (chunk) => sink.onData(chunk));
    stream.on("drain", () => sink.onDrain());
    return { write: (chunk) => stream.write(chunk), close: () => stream.close() };
  });
  socket.destroy();
}

main(process.argv.slice(2));
