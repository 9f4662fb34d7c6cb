import { serve } from "goplug";
import { counter, handshake } from "./contract.js";

const counts = new Map<string, number>();

serve({
  handshake,
  plugins: {
    counter: counter.implement({
      // Two concurrent Puts of one key would start from the same count. A real plugin needs a lock here.
      Put: async ({ Key, Value, adder }) => {
        // Returns the borrowed adder at the end of the method, also after an error.
        await using borrowed = adder;
        counts.set(Key, await borrowed.Sum({ A: counts.get(Key) ?? 0, B: Value }));
      },
      Get: (key) => counts.get(key) ?? 0,
    }),
  },
});
