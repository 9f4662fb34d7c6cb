/** A client with @libp2p/yamux. Its streams are EventTargets. */

import { connect } from "node:net";
import { libp2pYamux } from "../../test/helpers/yamux/libp2p.js";
import { answerCases } from "./yamux-cases.js";

async function main([address = ""]: string[]): Promise<void> {
  const socket = connect(address);
  const muxer = libp2pYamux(socket, "client");
  await answerCases(async (sink) => {
    const stream = await muxer.createStream();
    stream.addEventListener("message", ({ data }) => {
      for (const chunk of data instanceof Uint8Array ? [data] : data) sink.onData(chunk);
    });
    stream.addEventListener("drain", () => sink.onDrain());
    return { write: (chunk) => stream.send(chunk), close: () => void stream.close() };
  });
  socket.destroy();
}

main(process.argv.slice(2));
