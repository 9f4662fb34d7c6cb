/**
 * The two interfaces that JSON and msgpack implement. In both formats a value says its kind (number, text, map)
 * and not its Go type, and a struct is a map by field name. Schemas are compiled against the interfaces, once for
 * both formats.
 */

import type { Extension, TypedValue } from "../schema/index.js";
import type { Budget } from "./budget.js";

/**
 * A schema's encoder writes to it. The values are already checked. The parts of a container come between its
 * `open` and its `close`, and there are as many as `open` was told.
 */
export interface PlainWriter {
  readonly layer: "json" | "msgpack";
  nil(): void;
  bool(value: boolean): void;
  /** A whole number: a bigint only past 2^53-1. @param isSigned - whether its Go type is. */
  int(value: number | bigint, isSigned: boolean): void;
  /** A float, even where the number is whole. @param bits - of its Go type. */
  float(value: number, bits: 32 | 64): void;
  string(value: string): void;
  /** Go `json.Number`: a text that is the text of a number. */
  numberText(text: string): void;
  bytes(value: Uint8Array): void;
  /** Go `[N]byte`, which JSON writes as a list of numbers. */
  byteArray(value: Uint8Array): void;
  /** A type with methods of its own, as the bytes of its `MarshalBinary`; `time.Time` is one. */
  marshaled(goName: string, bytes: Uint8Array): void;
  /** A value of a type of msgpack's own. */
  extension(value: Extension): void;
  openArray(length: number): void;
  closeArray(): void;
  openMap(size: number): void;
  /** The name of a struct's field, before its value. */
  fieldName(name: string): void;
  /** Writes the key of an entry, before its value. JSON has texts for keys only. */
  readonly keys: PlainWriter;
  closeMap(): void;
}

/** A part of a parsed value for which JavaScript has no value of its own, such as a map or a float that is whole. */
export abstract class PlainNode {
  /** What it is, for errors: `map`, `number 1.0`. */
  abstract readonly shape: string;
}

/** How a schema's decoder looks at a node of a parsed value. A method gives undefined for a node of another kind. */
export interface PlainReader {
  readonly layer: "json" | "msgpack";
  /** [NETRPC-18] The memory that the message may take. */
  readonly budget: Budget;
  /** Whether field names match in upper and lower case. */
  readonly foldsCase: boolean;
  /** Whether a struct may be an array of its fields in order. */
  readonly hasArrayStructs: boolean;
  text(node: unknown): string | undefined;
  /** An integer or a float. A float may be whole. */
  number(node: unknown): number | bigint | undefined;
  /** [GOB-38] Whether two keys that became one are the same on the wire, too. */
  isSameKey(one: unknown, other: unknown): boolean;
  /** The text of a number, for `json.Number`. */
  numberText(node: unknown): string | undefined;
  extension(node: unknown): Extension | undefined;
  /** A copy, which the receiver may keep. */
  blob(node: unknown): Uint8Array | undefined;
  /** The bytes of `MarshalBinary`. */
  marshaled(goName: string, node: unknown): Uint8Array | undefined;
  /** The entries of a map, or the fields of a struct. */
  entries(node: unknown): Iterable<readonly [key: unknown, item: unknown]> | undefined;
  /** The value of a Go interface without its type. */
  plain(node: unknown): unknown;
  /** The value of a Go interface with the type that its kind suggests. */
  typed(node: unknown): TypedValue | null;
}
