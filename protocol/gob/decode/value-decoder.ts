/** The types of compiled decoders. They have a file of their own, because the compiler imports the files that use them. */
import type { WireType } from "../type/wire-type.js";
import type { DecodeState } from "./decode-state.js";

/**
 * Reads one value. Where it can be merged into `into`, it is, and `into` is returned [GOB-24]. Undefined means that
 * there is nothing to merge into.
 */
export type Read = (r: DecodeState, into: unknown) => unknown;

/**
 * How the values of one wire type become those of one schema. An object rather than a function, for two reasons: a
 * recursive type refers to a decoder that is not complete yet, and generated code takes the place of `read` later.
 */
export interface ValueDecoder {
  /** Undefined only while the decoder is being compiled. */
  read: Read;
}

/** The decoder of a whole value: of a message, or behind an interface. */
export interface TopDecoder {
  /** The type that it is for. */
  readonly wire: WireType;
  /** Reads the value, which follows its type id. */
  readonly decoder: ValueDecoder;
  /** Whether all messages of the value must have arrived: it can take several, and codecs must run only once. */
  readonly waits: boolean;
  /** [GOB-33] What the value takes in memory behind an interface, if it is a scalar. */
  readonly cost: number;
  /** Of the registry, when `waits` was found out. */
  readonly version: number;
}
