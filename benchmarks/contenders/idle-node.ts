/** A Node process that only waits for commands. The floor under `idle-host.ts`. */

import { answer } from "./answer.js";

answer(() => ({}));
