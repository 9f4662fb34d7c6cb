/** Go's network addresses and URLs, as text. */
import { CodecError } from "../../errors.js";
import {
  bytes,
  type CodecSchema,
  codec,
  type MarshalerSchema,
  marshaler,
  type NamedSchema,
  named,
  optional,
  struct,
} from "../../schema/index.js";

/** An IPv4 address in 16 bytes begins with these. */
const V4_PREFIX = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

/** [GOB-36] The text of an address of 4 or 16 bytes; empty for no bytes. @throws CodecError for any other length. */
export function formatIp(address: Uint8Array): string {
  const v4 = V4_PREFIX.every((byte, i) => address[i] === byte) ? address.subarray(12) : address;
  if (v4.length === 4) return v4.join(".");
  if (address.length === 0) return "";
  if (address.length !== 16) {
    throw new CodecError("corrupt", `gob: an IP has 4 or 16 bytes, not ${address.length}`);
  }
  return formatV6(address);
}

/** RFC 5952: the longest run of zero groups becomes `::`, the first of several, if it has two groups at least. */
function formatV6(address: Uint8Array): string {
  const view = new DataView(address.buffer, address.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(2 * i).toString(16));
  let best = { at: 0, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === "0") length++;
    if (length > best.length) best = { at, length };
  }
  if (best.length < 2) return groups.join(":");
  const head = groups.slice(0, best.at).join(":");
  return `${head}::${groups.slice(best.at + best.length).join(":")}`;
}

/** [GOB-36] The 16 bytes of an address, IPv4 included, as Go's `ParseIP` makes them. @throws CodecError for other text. */
export function parseIp(text: string): Uint8Array {
  if (text === "") return new Uint8Array(0);
  const v4 = parseV4(text);
  if (v4 !== undefined) return Uint8Array.of(...V4_PREFIX, ...v4);
  return parseV6(text) ?? refuse(text);
}

function parseV4(text: string): number[] | undefined {
  const parts = text.split(".");
  const isV4 = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part));
  const numbers = parts.map(Number);
  return isV4 && numbers.every((part) => part < 256) ? numbers : undefined;
}

function parseV6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  const parts = halves.map((half) => (half === "" ? [] : half.split(":").flatMap(groupsOf)));
  const [head = [], tail = []] = parts;
  const count = head.length + tail.length;
  const isFull = halves.length === 1 ? count === 8 : halves.length === 2 && count < 8;
  if (!isFull || [...head, ...tail].some((group) => Number.isNaN(group))) return undefined;
  const groups = [...head, ...new Array<number>(8 - count).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The group of 16 bits that the text stands for, or two for an IPv4 address at the end. NaN for other text. */
function groupsOf(part: string): number[] {
  const v4 = parseV4(part);
  if (v4 !== undefined) return [(v4[0]! << 8) | v4[1]!, (v4[2]! << 8) | v4[3]!];
  return [/^[0-9a-fA-F]{1,4}$/.test(part) ? Number.parseInt(part, 16) : Number.NaN];
}

function refuse(text: string): never {
  throw new CodecError("bad-value", `gob: not an IP address: ${JSON.stringify(text)}`);
}

const IP = named(
  "net.IP",
  codec({
    wire: bytes(),
    encode: (value: string | Uint8Array) => (typeof value === "string" ? parseIp(value) : value),
    decode: formatIp,
  }),
);
const MASK = named("net.IPMask", bytes());
const IP_NET = struct("net.IPNet", {
  /** The address of the network. */
  IP,
  /** 4 or 16 bytes, with a 1 for each bit of the network. */
  Mask: MASK,
});

/** Go `net.IP` as text. IPv4 is sent in 16 bytes, as `net.ParseIP` makes it. Bytes are sent as they are. */
export const ip = (): NamedSchema<CodecSchema<string | Uint8Array, string>> => IP;

/** Go `net.IPNet`: the address of a network, and its mask. */
export const ipNet = () => IP_NET;

const ADDR: MarshalerSchema<string, string> = marshaler({
  name: "net/netip.Addr",
  form: "binary",
  encode: encodeAddr,
  decode: decodeAddr,
  zero: () => "",
  isZero: (value) => value === "",
});

/** [GOB-36] 4 or 16 bytes, then the zone of an IPv6 address. */
function encodeAddr(text: string): Uint8Array {
  const [address = "", zone] = text.split("%", 2);
  const bytes = parseIp(address);
  const short = address.includes(":") ? bytes : bytes.subarray(12);
  return Uint8Array.from(Buffer.concat([short, Buffer.from(zone ?? "")]));
}

function decodeAddr(bytes: Uint8Array): string {
  if (bytes.length <= 4) return formatIp(bytes);
  const address = bytes.subarray(0, 16);
  const zone = Buffer.from(bytes.subarray(16)).toString();
  // To netip, an IPv4 address in 16 bytes is different from the same one in 4 bytes.
  const isV4 = bytes.length >= 16 && V4_PREFIX.every((byte, i) => bytes[i] === byte);
  const text = isV4 ? `::ffff:${address.subarray(12).join(".")}` : formatIp(address);
  return zone === "" ? text : `${text}%${zone}`;
}

/** Go `netip.Addr` as text, with its zone (`fe80::1%eth0`). Empty for the zero Addr. */
export const addr = (): MarshalerSchema<string, string> => ADDR;

const URL_SCHEMA: MarshalerSchema<string | URL, string> = marshaler({
  name: "*url.URL",
  form: "binary",
  encode: (value: string | URL) => Uint8Array.from(Buffer.from(String(value))),
  decode: (bytes) => Buffer.from(bytes).toString(),
  zero: () => "",
  underlying: struct("url.URL", { User: optional(struct("url.Userinfo", {})) }),
});

/**
 * Go `url.URL` as text, because JavaScript's `URL` would change the text. Go's methods are on the pointer, so
 * Go's usual `*url.URL` is `optional(url())`.
 */
export const url = (): MarshalerSchema<string | URL, string> => URL_SCHEMA;
