// Usage: node host.js PLUGIN [ARGUMENT...]

import { Client } from "goplug";
import { greeter, handshake } from "./contract.js";

await using client = new Client({
  handshake,
  plugins: { greeter },
  command: process.argv.slice(2),
  stderr: process.stderr,
});
const hello = await client.dispense("greeter");
console.log(await hello.Greet());
