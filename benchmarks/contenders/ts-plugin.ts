import { serve } from "goplug";
import { bench, handshake, pattern } from "./bench-contract.js";

/** The plugin "bench" in TypeScript. */

let payload: Uint8Array | undefined;
const down = (byteLength: number) => {
  payload ??= pattern(4 << 20);
  return payload.subarray(0, byteLength);
};

serve({
  handshake,
  plugins: {
    bench: bench.implement({
      Echo: (text) => text,
      Struct: (value) => value,
      Bytes: (bytes) => bytes,
      Down: down,
      Up: (bytes) => bytes.length,
    }),
  },
});
