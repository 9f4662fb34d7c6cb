import type { TypedValue } from "../schema/index.js";

/**
 * JSON and msgpack say what kind a value has (number, text, map) and not its Go type, and structs are
 * maps by field name. Schemas are compiled against these two interfaces, once for both formats.
 */

/** What a schema's encoder writes to. Containers are closed; the count is known beforehand. */
export interface PlainWriter {
  nil(): void;
  bool(value: boolean): void;
  /** A whole number: bigint only past 2^53-1. */
  int(value: number | bigint): void;
  float(value: number): void;
  string(value: string): void;
  bytes(value: Uint8Array): void;
  /** Go `[N]byte`, which not every format writes as bytes. */
  byteArray(value: Uint8Array): void;
  /** A type with methods of its own, as the bytes of its `MarshalBinary`; `time.Time` is one. */
  marshaled(goName: string, bytes: Uint8Array): void;
  openArray(length: number): void;
  closeArray(): void;
  openMap(size: number): void;
  mapKey(key: string | number | bigint | boolean): void;
  closeMap(): void;
}

/** How a schema's decoder looks at a node of a parsed value. Each gives undefined for another kind. */
export interface PlainReader {
  readonly layer: "json" | "msgpack";
  /** Field names match in upper and lower case. */
  readonly foldsCase: boolean;
  /** A struct may be an array of its fields in order. */
  readonly hasArrayStructs: boolean;
  text(node: unknown): string | undefined;
  /** The receiver's own copy. */
  blob(node: unknown): Uint8Array | undefined;
  /** The bytes of `MarshalBinary`. */
  marshaled(goName: string, node: unknown): Uint8Array | undefined;
  entries(node: unknown): Iterable<readonly [MapKey, unknown]> | undefined;
  /** What a Go interface gets. */
  plain(node: unknown): unknown;
  typed(node: unknown): TypedValue | null;
}

/** Keys other than texts; JSON has texts only, which the schema reads. */
export type MapKey = string | number | bigint | boolean;
