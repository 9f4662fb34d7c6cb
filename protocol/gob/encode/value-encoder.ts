/**
 * The interface of a compiled schema, and the rules by which struct fields are left out. The parts of the
 * compiler know this file and not each other.
 */
import type { AnySchema } from "../../schema/index.js";
import type { GoType } from "../type/go-type.js";
import type { EncodeState } from "./encode-state.js";

/**
 * How the values of one schema become bytes. Its methods are looked up at each call: a recursive schema
 * refers to its encoder before that is complete, and generated code may take the place of `write` later.
 */
export interface ValueEncoder {
  /** Writes a value where one is required, as in a list. A zero is written, too. */
  write(e: EncodeState, value: unknown): void;
  /**
   * [GOB-15] Writes a struct field, or leaves it out.
   *
   * @param value - undefined for a key that the user left out [GOB-49].
   * @param delta - the distance from the field that was sent before.
   * @returns whether the field was written.
   */
  writeField(e: EncodeState, value: unknown, delta: number): boolean;
  /** Writes Go's zero where a value is required: an element of an array that the user left out. */
  writeZero(e: EncodeState): void;
}

/** The encoder of a whole value: of a message, or behind an interface. The twin of `TopDecoder`. */
export interface TopEncoder {
  readonly encoder: ValueEncoder;
  readonly type: GoType;
  /** A value that is not a struct gets a zero byte before it [GOB-7]. */
  readonly isStruct: boolean;
  /** A pointer, a codec or an interface. Behind an interface Go sends the value that it refers to. */
  readonly isIndirect: boolean;
}

/** The compiler, as its parts get it: for the schemas of elements and fields. */
export type Compile = (schema: AnySchema) => ValueEncoder;

/**
 * An encoder that leaves a field out if `isZero` holds or the user left it out. A value of the wrong kind is not
 * a zero.
 *
 * @param zero - a value that is written as Go's zero.
 */
export const unless = (
  isZero: (value: unknown) => boolean,
  write: ValueEncoder["write"],
  zero: unknown,
): ValueEncoder => ({
  write,
  writeField(e, value, delta) {
    if (value === undefined || isZero(value)) return false;
    e.uint(delta);
    write(e, value);
    return true;
  },
  writeZero: (e) => write(e, zero),
});

/** Go's nil, of pointers and interfaces. */
export const isNil = (value: unknown): value is null | undefined =>
  value === undefined || value === null;
