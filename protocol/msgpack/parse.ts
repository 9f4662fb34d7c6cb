/** Makes nodes of one msgpack value: JavaScript's values, and those of `nodes.ts` where JavaScript has none. */
import { MAX_FULL_LENGTH } from "../bytes/cost.js";
import { readUtf8 } from "../bytes/text.js";
import { CodecError } from "../errors.js";
import { Extension } from "../schema/index.js";
import { narrow } from "../schema/numbers.js";
import { MapNode, NumberNode, RawNode } from "./nodes.js";
import { decodeTimestamp } from "./timestamp.js";

const TIMESTAMP_TYPE = -1;

/**
 * The value that fills `bytes`. Byte strings in it are parts of `bytes`. The scanner has walked over the value before:
 * every length is within `bytes`, and the depth is safe for the stack.
 *
 * @param isRaw - whether strings may be bytes.
 * @throws CodecError `corrupt`.
 */
export function parseMsgpack(bytes: Uint8Array, isRaw: boolean): unknown {
  const parser = new Parser(bytes, isRaw);
  const value = parser.value();
  if (parser.at === bytes.length) return value;
  throw new CodecError("corrupt", `msgpack: ${bytes.length - parser.at} bytes behind the value`);
}

class Parser {
  at = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #isRaw: boolean;

  constructor({ buffer, byteOffset, length }: Uint8Array, isRaw: boolean) {
    this.#bytes = Buffer.from(buffer, byteOffset, length);
    this.#view = new DataView(buffer, byteOffset, length);
    this.#isRaw = isRaw;
  }

  /** Each first byte in ascending order. */
  value(): unknown {
    const first = this.#bytes[this.at++];
    if (first === undefined) throw new CodecError("corrupt", "msgpack: value is cut short");
    if (first < 0x80) return first;
    if (first < 0x90) return this.#map(first & 15);
    if (first < 0xa0) return this.#array(first & 15);
    if (first < 0xc0) return this.#string(first & 31);
    if (first >= 0xe0) return first - 0x100;
    return this.#wide(first);
  }

  #wide(first: number): unknown {
    const view = this.#view;
    switch (first) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#cut(this.#count(first - 0xc4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#count(first - 0xc7));
      case 0xca:
        return new NumberNode("float32", view.getFloat32(this.#skip(4)));
      case 0xcb:
        return float64(view.getFloat64(this.#skip(8)));
      case 0xcc:
        return new NumberNode("uint", view.getUint8(this.#skip(1)));
      case 0xcd:
        return new NumberNode("uint", view.getUint16(this.#skip(2)));
      case 0xce:
        return new NumberNode("uint", view.getUint32(this.#skip(4)));
      case 0xcf:
        return new NumberNode("uint", narrow(view.getBigUint64(this.#skip(8))));
      case 0xd0:
        return view.getInt8(this.#skip(1));
      case 0xd1:
        return view.getInt16(this.#skip(2));
      case 0xd2:
        return view.getInt32(this.#skip(4));
      case 0xd3:
        return narrow(view.getBigInt64(this.#skip(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (first - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#count(first - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#count(first - 0xdb));
      case 0xde:
      case 0xdf:
        return this.#map(this.#count(first - 0xdd));
      default:
        throw new CodecError("corrupt", "msgpack: 0xc1 begins no value");
    }
  }

  /** Goes past `byteLength` bytes and returns where they begin. */
  #skip(byteLength: number): number {
    const start = this.at;
    this.at += byteLength;
    return start;
  }

  /** A length in 1, 2 or 4 bytes. @param log2 - of this number. */
  #count(log2: number): number {
    const at = this.#skip(1 << log2);
    if (log2 === 0) return this.#view.getUint8(at);
    return log2 === 1 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #cut(byteLength: number): Uint8Array {
    const { buffer, byteOffset } = this.#bytes;
    return new Uint8Array(buffer, byteOffset + this.#skip(byteLength), byteLength);
  }

  #string(byteLength: number): string | RawNode {
    if (this.#isRaw) return new RawNode(this.#cut(byteLength));
    const start = this.#skip(byteLength);
    return readUtf8(this.#bytes, start, this.at);
  }

  /** The scanner has met as many items as the count says. */
  #array(count: number): unknown[] {
    const items: unknown[] = count <= MAX_FULL_LENGTH ? new Array(count) : [];
    for (let i = 0; i < count; i++) items[i] = this.value();
    return items;
  }

  #map(count: number): MapNode {
    return new MapNode(this.#array(2 * count));
  }

  #extension(byteLength: number): unknown {
    const type = this.#view.getInt8(this.#skip(1));
    const data = this.#cut(byteLength);
    if (type !== TIMESTAMP_TYPE) return new Extension(type, data);
    const time = decodeTimestamp(data);
    if (time !== undefined) return time;
    throw new CodecError("corrupt", `msgpack: timestamp of ${byteLength} bytes`);
  }
}

/** A whole float would be taken for an integer. */
const float64 = (value: number): number | NumberNode =>
  Number.isInteger(value) ? new NumberNode("float64", value) : value;
