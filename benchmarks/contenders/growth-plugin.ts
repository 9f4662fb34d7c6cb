/** The plugin "bench", and a second plugin "heap" that reports the heap size of their process. */

import { serve } from "goplug";
import { handshake, heap, service } from "./bench-contract.js";
import { heapBytes } from "./heap-bytes.js";

serve({ handshake, plugins: { bench: service, heap: heap.implement({ Bytes: heapBytes }) } });
