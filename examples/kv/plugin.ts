import { readFileSync, writeFileSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import { serve } from "goplug";
import { handshake, kv } from "./contract.js";

const SUFFIX = "\n\nWritten from plugin-go-netrpc";

// Each value is a file kv_KEY in the working directory, as in go-plugin's example.
const file = (key: string) => `kv_${key}`;

/** Does something with a file. Its error has the text of Go's PathError: `open kv_x: no such file or directory`. */
function asGo<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { syscall, path, errno } = error as NodeJS.ErrnoException;
    const reason = getSystemErrorMap().get(errno ?? 0)?.[1];
    if (reason === undefined) throw error;
    throw new Error(`${syscall} ${path}: ${reason}`, { cause: error });
  }
}

serve({
  handshake,
  plugins: {
    kv: kv.implement({
      Put: ({ key, value }) => {
        if (typeof key !== "string") throw new Error("key is not a string");
        if (!(value instanceof Uint8Array)) throw new Error("value is not bytes");
        asGo(() => writeFileSync(file(key), Buffer.concat([value, Buffer.from(SUFFIX)])));
      },
      Get: (key) => asGo(() => readFileSync(file(key))),
    }),
  },
});
