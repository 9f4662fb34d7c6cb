/** The plugin "bench" in TypeScript. */

import { serve } from "goplug";
import { handshake, service } from "./bench-contract.js";

serve({ handshake, plugins: { bench: service } });
