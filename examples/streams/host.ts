// Usage: node host.js PLUGIN [ARGUMENT...]

import { PassThrough } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { Client } from "goplug";
import { handshake, text } from "./contract.js";

await using client = new Client({
  handshake,
  plugins: { text },
  command: process.argv.slice(2),
  stderr: process.stderr,
});
const plugin = await client.dispense("text");

// The plugin reads from our source and writes to our sink. The sink may end a moment after the call, so the
// host waits for both.
const source = [Buffer.from("from the host\n"), Buffer.from("and back\n")];
const sink = new PassThrough();
const [upper] = await Promise.all([readAll(sink), plugin.Upper({ source, sink })]);
process.stdout.write(upper);

// An endless source. The plugin closes it after the first line, which ends the generator.
function* ticks() {
  for (let tick = 1; ; tick++) yield Buffer.from(`tick ${tick}\n`);
}
console.log(`first: ${await plugin.First(ticks())}`);

// The other direction: the host writes to the plugin and reads from it.
const log = await plugin.Log();
const lines = await plugin.Lines();
log.write("one\n");
log.end("two\n");
for await (const chunk of lines) process.stdout.write(chunk);
