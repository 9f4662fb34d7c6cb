/** The contract that the call benchmarks measure. The twin of `test/go/peers/internal/bench`. */

import { definePlugin, gob } from "goplug";

export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

export const record = gob.struct("Record", {
  ID: gob.int64({ as: "number" }),
  Name: gob.string(),
  Active: gob.bool(),
  Count: gob.int(),
  Ratio: gob.float64(),
  Level: gob.uint8(),
  Flags: gob.uint32(),
  Offset: gob.int32(),
  Score: gob.float64(),
  Comment: gob.string(),
});

/** The small payloads. */
export const TEXT = "Hello, plugin! Hello, host!";
export const SAMPLE = {
  ID: 1234567890123,
  Name: "a record of ten",
  Active: true,
  Count: -42,
  Ratio: 0.125,
  Level: 7,
  Flags: 2 ** 31,
  Offset: -100000,
  Score: 99.75,
  Comment: "with a comment of some length",
};

export const bench = definePlugin({
  Echo: { args: gob.string(), reply: gob.string() },
  Struct: { args: record, reply: record },
  Bytes: { args: gob.bytes(), reply: gob.bytes() },
  Down: { args: gob.int(), reply: gob.bytes() },
  Up: { args: gob.bytes(), reply: gob.int() },
});

/** Does no work, so that only the call is measured. */
export const service = bench.implement({
  Echo: (text) => text,
  Struct: (value) => value,
  Bytes: (bytes) => bytes,
  Down: (byteLength) => largest().subarray(0, byteLength),
  Up: (bytes) => bytes.length,
});

/** A second plugin, for measuring the growth of a plugin's own heap. */
export const heap = definePlugin({
  Bytes: { args: gob.empty(), reply: gob.int() },
});

let largestPayload: Uint8Array | undefined;

// Created on first use, because the start time of the plugin is measured too.
function largest(): Uint8Array {
  largestPayload ??= pattern(4 << 20);
  return largestPayload;
}

/** The byte at offset i is i modulo 251. */
export function pattern(byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  for (let i = 0; i < byteLength; i++) bytes[i] = i % 251;
  return bytes;
}
