import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { fromDuplex, Session, toDuplex } from "goplug/yamux";

/** The twin of go/server: the checksum of whatever comes on a stream. */

async function serve(socket: Socket): Promise<void> {
  const session = Session.server(fromDuplex(socket));
  const notices = toDuplex(await session.open());
  notices.resume();
  session.onStream = async (stream) => {
    const duplex = toDuplex(stream);
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of duplex as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    duplex.end(hash.digest("hex"));
    notices.write(`stream ${stream.id}: ${bytes} bytes\n`);
  };
}

const server = createServer((socket) => {
  serve(socket).catch((error) => console.error(error));
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  console.log(`listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});
