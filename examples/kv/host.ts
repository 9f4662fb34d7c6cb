// Usage: node host.js PLUGIN get KEY
//        node host.js PLUGIN put KEY VALUE

import { Client } from "goplug";
import { handshake, kv } from "./contract.js";

const [plugin = "", verb, key = "", value = ""] = process.argv.slice(2);

await using client = new Client({
  handshake,
  plugins: { kv },
  command: [plugin],
  stderr: process.stderr,
});
const store = await client.dispense("kv");
if (verb === "get") {
  console.log(Buffer.from(await store.Get(key)).toString());
} else if (verb === "put") {
  await store.Put({ key, value: Buffer.from(value) });
} else {
  console.error("Please only use 'get' or 'put'");
  process.exitCode = 1;
}
