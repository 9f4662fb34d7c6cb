import { createReadStream } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fromDuplex, Session, toDuplex } from "goplug/yamux";

/** Has a server compute the checksums of files, all at once over one connection. */

// Usage: client.ts HOST:PORT FILE...
async function main([address = "", ...files]: string[]): Promise<void> {
  const [host, port] = address.split(":");
  const session = Session.client(fromDuplex(connect({ host, port: Number(port) })));

  // The server opens one stream of its own and tells on it what it does.
  session.onStream = (stream) => {
    const duplex = toDuplex(stream);
    createInterface({ input: duplex }).on("line", (line) => console.error(`server: ${line}`));
    duplex.end();
  };

  const sums = files.map(async (file) => {
    const stream = toDuplex(await session.open());
    // Ends our half of the stream; the answer comes on the other one.
    await pipeline(createReadStream(file), stream);
    return text(stream);
  });
  for (const [i, sum] of (await Promise.all(sums)).entries()) console.log(`${sum}  ${files[i]}`);
  await session.close();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
