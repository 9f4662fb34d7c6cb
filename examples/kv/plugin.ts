import { readFileSync, writeFileSync } from "node:fs";
import { serve } from "goplug";
import { handshake, kv } from "./contract.js";

const SUFFIX = "\n\nWritten from goplug";

// Each value is a file kv_KEY in the working directory, as in go-plugin's example.
const file = (key: string) => `kv_${key}`;

serve({
  handshake,
  plugins: {
    kv: kv.implement({
      Put: ({ key, value }) => {
        if (typeof key !== "string") throw new Error("key is not a string");
        if (!(value instanceof Uint8Array)) throw new Error("value is not bytes");
        writeFileSync(file(key), Buffer.concat([value, Buffer.from(SUFFIX)]));
      },
      Get: (key) => readFileSync(file(key)),
    }),
  },
});
