import { serve } from "goplug";
import { handshake, heap, service } from "./bench-contract.js";
import { heapBytes } from "./heap-bytes.js";

/** The plugin "bench", and beside it "heap", which tells the size of its own process. */

serve({ handshake, plugins: { bench: service, heap: heap.implement({ Bytes: heapBytes }) } });
