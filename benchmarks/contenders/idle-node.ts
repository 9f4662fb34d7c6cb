import { answer } from "./answer.js";

/** A Node that only waits for commands, as every contender does. */

answer(() => ({}));
