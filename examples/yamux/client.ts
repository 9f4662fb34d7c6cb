/**
 * Sends files to a server and prints their checksums. All files go over one connection at the same time.
 *
 * Usage: client.ts HOST:PORT FILE...
 */

import { createReadStream } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fromDuplex, Session, toDuplex } from "goplug/yamux";

async function main([address = "", ...files]: string[]): Promise<void> {
  const [host, port] = address.split(":");
  const session = Session.client(fromDuplex(connect({ host, port: Number(port) })));

  // The server opens one stream of its own for notices about its work.
  session.onStream = (stream) => {
    const notices = toDuplex(stream);
    notices.end();
    createInterface({ input: notices })
      .on("line", (line) => console.error(`server: ${line}`))
      .on("error", (error) => console.error(`server: no more notices: ${error.message}`));
  };

  const checksum = async (file: string): Promise<string> => {
    const stream = toDuplex(await session.open());
    // Ends our half of the stream. The answer arrives on the other half.
    await pipeline(createReadStream(file), stream);
    return text(stream);
  };
  try {
    const sums = await Promise.all(files.map(checksum));
    for (const [i, sum] of sums.entries()) console.log(`${sum}  ${files[i]}`);
  } finally {
    await session.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
