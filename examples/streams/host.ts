import { PassThrough } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { Client } from "goplug";
import { handshake, text } from "./contract.js";

// Usage: node host.js PLUGIN [ARGUMENT...]
await using client = new Client({
  handshake,
  plugins: { text },
  command: process.argv.slice(2),
  stderr: process.stderr,
});
const plugin = await client.dispense("text");

// The plugin reads from us and writes to us. The sink ends when the plugin closes it, which may be a
// moment after the call: so we wait for both.
const source = [Buffer.from("from the host\n"), Buffer.from("and back\n")];
const sink = new PassThrough();
const [upper] = await Promise.all([readAll(sink), plugin.Upper({ source, sink })]);
process.stdout.write(upper);

// A source without end: when the plugin has its line it hangs up, and that ends the generator.
function* ticks() {
  for (let tick = 1; ; tick++) yield Buffer.from(`tick ${tick}\n`);
}
console.log(`first: ${await plugin.First(ticks())}`);

// The other way round: we write to the plugin and read from it.
const log = await plugin.Log();
const lines = await plugin.Lines();
log.write("one\n");
log.end("two\n");
for await (const chunk of lines) process.stdout.write(chunk);
