/** A client with goplug's yamux. It uses the stream itself, or a Duplex on top of it. */

import { Session, type Stream, toDuplex } from "goplug/yamux";
import { connectSocket } from "../../lib/net/socket.js";
import { answerCases, type BenchSink } from "./yamux-cases.js";

async function main([address = ""]: string[]): Promise<void> {
  const session = Session.client(await connectSocket({ network: "unix", address }));
  await answerCases(async (sink, face) => {
    const stream = await session.open();
    return face === "duplex" ? asDuplex(stream, sink) : asSink(stream, sink);
  });
  await session.close();
}

function asSink(stream: Stream, sink: BenchSink) {
  stream.start({
    onData: (chunk) => sink.onData(chunk),
    onEnd: () => {},
    onDrain: () => sink.onDrain(),
  });
  return { write: (chunk: Uint8Array) => stream.write(chunk), close: () => stream.end() };
}

function asDuplex(stream: Stream, sink: BenchSink) {
  const duplex = toDuplex(stream);
  duplex.on("data", (chunk) => sink.onData(chunk));
  duplex.on("drain", () => sink.onDrain());
  return { write: (chunk: Uint8Array) => duplex.write(chunk), close: () => duplex.end() };
}

main(process.argv.slice(2));
