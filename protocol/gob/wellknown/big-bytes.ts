/** The common parts of the formats of Go's big numbers. */
import { CodecError } from "../../errors.js";

/** Throws Go's error for bytes that are not of this type. @param type - its name in `math/big`. */
export function refuse(type: string, what: string): never {
  throw new CodecError("corrupt", `gob: ${type}.GobDecode: ${what}`);
}

/** The bytes of a natural number, big-endian and as few as possible; none for 0. */
export function toBytes(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0);
  const hex = value.toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
}

/** The natural number of big-endian bytes. */
export function toBigInt(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
  return BigInt(`0x${hex}`);
}
