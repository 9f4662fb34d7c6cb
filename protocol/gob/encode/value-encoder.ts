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
   * @param delta - the distance from the field that was sent before.
   * @returns whether the field was written.
   */
  writeField(e: EncodeState, value: unknown, delta: number): boolean;
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

/** The encoder of kinds whose fields are always sent. */
export const always = (write: ValueEncoder["write"]): ValueEncoder => ({
  write,
  writeField(e, value, delta) {
    e.uint(delta);
    write(e, value);
    return true;
  },
});

/** An encoder that leaves a field out if `isZero` holds. A value of the wrong kind is not a zero. */
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
