// Usage: node host.js PLUGIN [ARGUMENT...]

import { Client, type PluginImplementation } from "goplug";
import { type adder, counter, handshake } from "./contract.js";

await using client = new Client({
  handshake,
  plugins: { counter },
  command: process.argv.slice(2),
  stderr: process.stderr,
});

// The plugin keeps the counts, and calls this service for each addition.
const ourAdder: PluginImplementation<typeof adder.methods> = {
  Sum: ({ A, B }) => {
    console.log(`the plugin asks for ${A} + ${B}`);
    return A + B;
  },
};

const plugin = await client.dispense("counter");
await plugin.Put({ Key: "hello", Value: 1, adder: ourAdder });
await plugin.Put({ Key: "hello", Value: 2, adder: ourAdder });
console.log(`hello = ${await plugin.Get("hello")}`);
