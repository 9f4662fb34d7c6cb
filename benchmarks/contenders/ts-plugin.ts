import { serve } from "goplug";
import { handshake, service } from "./bench-contract.js";

/** The plugin "bench" in TypeScript. */

serve({ handshake, plugins: { bench: service } });
