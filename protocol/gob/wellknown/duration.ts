import { type IntSchema, int64, type NamedSchema, named } from "../../schema/index.js";

const DURATION = named("time.Duration", int64());

/** Go `time.Duration`: nanoseconds, as bigint. */
export const duration = (): NamedSchema<IntSchema<bigint>> => DURATION;

/** Whole nanoseconds in so many milliseconds, which may have a fraction. */
export const nanosFromMs = (ms: number): bigint => BigInt(Math.round(ms * 1e6));

/** Milliseconds with their fraction; below a microsecond digits are lost past about 100 days. */
export const msFromNanos = (nanos: bigint): number => Number(nanos) / 1e6;
