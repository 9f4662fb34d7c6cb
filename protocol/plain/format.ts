/**
 * The two interfaces that JSON and msgpack implement. In both formats a value says its kind (number, text, map)
 * and not its Go type, and a struct is a map by field name. Schemas are compiled against the interfaces, once for
 * both formats.
 */
import type { TypedValue } from "../schema/index.js";

/**
 * A schema's encoder writes to it. The values are already checked. The parts of a container come between its
 * `open` and its `close`, and there are as many as `open` was told.
 */
export interface PlainWriter {
  nil(): void;
  bool(value: boolean): void;
  /** A whole number: a bigint only past 2^53-1. */
  int(value: number | bigint): void;
  /** A float, even where the number is whole. */
  float(value: number): void;
  string(value: string): void;
  bytes(value: Uint8Array): void;
  /** Go `[N]byte`, which JSON writes as a list of numbers. */
  byteArray(value: Uint8Array): void;
  /** A type with methods of its own, as the bytes of its `MarshalBinary`; `time.Time` is one. */
  marshaled(goName: string, bytes: Uint8Array): void;
  openArray(length: number): void;
  closeArray(): void;
  openMap(size: number): void;
  /** The key of an entry, before its value. */
  mapKey(key: string | number | bigint | boolean): void;
  closeMap(): void;
}

/** How a schema's decoder looks at a node of a parsed value. A method gives undefined for a node of another kind. */
export interface PlainReader {
  readonly layer: "json" | "msgpack";
  /** Whether field names match in upper and lower case. */
  readonly foldsCase: boolean;
  /** Whether a struct may be an array of its fields in order. */
  readonly hasArrayStructs: boolean;
  text(node: unknown): string | undefined;
  /** A copy, which the receiver may keep. */
  blob(node: unknown): Uint8Array | undefined;
  /** The bytes of `MarshalBinary`. */
  marshaled(goName: string, node: unknown): Uint8Array | undefined;
  /** The entries of a map, or the fields of a struct. */
  entries(node: unknown): Iterable<readonly [MapKey, unknown]> | undefined;
  /** The value of a Go interface without its type. */
  plain(node: unknown): unknown;
  /** The value of a Go interface with the type that its kind suggests. */
  typed(node: unknown): TypedValue | null;
}

/** A key of a map. In JSON it is a text, and the schema may turn it into a number. */
export type MapKey = string | number | bigint | boolean;
