/**
 * What a compiled schema is for the encoder, and the ways in which its struct fields are left out. The parts
 * of the compiler know only this file and not each other.
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
   * @param delta - the distance from the field that was sent before.
   * @returns whether the field was written.
   */
  writeField(e: EncodeState, value: unknown, delta: number): boolean;
}

/** The encoder of a whole value: of a message, or behind an interface. The twin of `TopDecoder`. */
export interface TopEncoder {
  readonly encoder: ValueEncoder;
  readonly type: GoType;
  /** Anything else stands behind a zero byte [GOB-7]. */
  readonly isStruct: boolean;
  /** A pointer, a codec or an interface: behind an interface goes what it stands for. */
  readonly isIndirect: boolean;
}

/** The compiler, as its parts get it. */
export type Compile = (schema: AnySchema) => ValueEncoder;

/** The encoder of kinds whose fields are always sent. */
export const always = (write: ValueEncoder["write"]): ValueEncoder => ({
  write,
  writeField(e, value, delta) {
    e.uint(delta);
    write(e, value);
    return true;
  },
});

/** An encoder that leaves a field out where `isZero` holds. A value of the wrong kind is no zero. */
export const unless = (
  isZero: (value: unknown) => boolean,
  write: ValueEncoder["write"],
): ValueEncoder => ({
  write,
  writeField(e, value, delta) {
    if (isZero(value)) return false;
    e.uint(delta);
    write(e, value);
    return true;
  },
});

/** Go's nil, of pointers and interfaces. */
export const isNil = (value: unknown): value is null | undefined =>
  value === undefined || value === null;
