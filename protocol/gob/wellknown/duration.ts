/** Go's `time.Duration`. */
import { type IntSchema, int64, type NamedSchema, named } from "../../schema/index.js";

const DURATION = named("time.Duration", int64());

/** Go `time.Duration`: nanoseconds, as bigint. */
export const duration = (): NamedSchema<IntSchema<bigint>> => DURATION;

/** Milliseconds as whole nanoseconds. `ms` may have a fraction. */
export const nanosFromMs = (ms: number): bigint => BigInt(Math.round(ms * 1e6));

/** Nanoseconds as milliseconds with a fraction. Beyond about 100 days digits below a microsecond are lost. */
export const msFromNanos = (nanos: bigint): number => Number(nanos) / 1e6;
