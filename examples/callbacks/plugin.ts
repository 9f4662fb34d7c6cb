import { serve } from "goplug";
import { counter, handshake } from "./contract.js";

const counts = new Map<string, number>();

serve({
  handshake,
  plugins: {
    counter: counter.implement({
      // Not for two Puts of one key at once: both would start from the same count.
      Put: async ({ Key, Value, adder }) => {
        // Gives back what was borrowed when the method is done, however it ends.
        await using borrowed = adder;
        counts.set(Key, await borrowed.Sum({ A: counts.get(Key) ?? 0, B: Value }));
      },
      Get: (key) => counts.get(key) ?? 0,
    }),
  },
});
