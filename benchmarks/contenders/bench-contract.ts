import { definePlugin, gob } from "goplug";

/** The twin of `test/go/internal/bench`: what the call benchmarks measure. */

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

export const bench = definePlugin({
  Echo: { args: gob.string(), reply: gob.string() },
  Struct: { args: record, reply: record },
  Bytes: { args: gob.bytes(), reply: gob.bytes() },
  Down: { args: gob.int(), reply: gob.bytes() },
  Up: { args: gob.bytes(), reply: gob.int() },
});

/** The byte at offset i is i modulo 251. */
export function pattern(byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  for (let i = 0; i < byteLength; i++) bytes[i] = i % 251;
  return bytes;
}
