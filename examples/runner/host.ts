// Usage: node host.js PLUGIN [WRAPPER...]

import { Client } from "goplug";
import { greeter, handshake } from "../greeter/contract.js";
import { wrapped } from "./runner.js";

const [plugin = "", ...wrapper] = process.argv.slice(2);
await using client = new Client({
  handshake,
  plugins: { greeter },
  runner: wrapped(wrapper.length > 0 ? wrapper : ["nice", "-n", "10"], plugin),
  stderr: process.stderr,
});
const hello = await client.dispense("greeter");
console.log(await hello.Greet());
