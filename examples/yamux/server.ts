/** Computes the checksum of the bytes on each stream, the twin of go/server. */

import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { fromDuplex, Session, toDuplex } from "goplug/yamux";

async function serve(socket: Socket): Promise<void> {
  const session = Session.server(fromDuplex(socket));
  const notices = toDuplex(await session.open());
  notices.resume().on("error", () => {}); // The client is gone.
  session.onStream = (stream) => {
    const duplex = toDuplex(stream);
    const hash = createHash("sha256");
    let bytes = 0;
    duplex.on("data", (chunk: Uint8Array) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    // The client has ended its half. Ours is still open.
    duplex.on("end", () => {
      notices.write(`stream ${stream.id}: ${bytes} bytes\n`);
      duplex.end(hash.digest("hex"));
    });
    duplex.on("error", (error) => console.error(error));
  };
}

const server = createServer((socket) => {
  serve(socket).catch((error) => console.error(error));
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  console.log(`listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});
