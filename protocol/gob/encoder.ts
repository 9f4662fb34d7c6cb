/** The public encoder: values in, the bytes of a gob stream out. */
import type { AnySchema, In } from "../schema/index.js";
import { bare } from "../schema/known.js";
import { topEncoder } from "./encode/compile-encoder.js";
import { EncodeState } from "./encode/encode-state.js";
import { isNil } from "./encode/value-encoder.js";
import { fail, toCodecError } from "./failure.js";
import { DEFAULT_LIMITS } from "./limits.js";
import { Registry } from "./registry.js";
import { goType, rootName } from "./type/go-type.js";
import { isNilPointer } from "./type/nil-pointer.js";
import { spell } from "./type/spell.js";
import { TypeRegistry } from "./type/type-registry.js";

/** Options of an {@link Encoder}. */
export interface EncoderOptions {
  /** Names for values behind interfaces. Default: the predeclared types only. */
  readonly registry?: Registry;
  /**
   * The place of a definition whose type is first needed inside a value. `"hoisted"` (default): before the
   * value, which peers can then skip safely. `"go"`: where Go puts it, for equal bytes.
   */
  readonly order?: "hoisted" | "go";
  /** Ids and names of types. Default: a registry of its own, from id 64. */
  readonly types?: TypeRegistry;
  /** How deep a value may nest. Default 10 000; the stack may end before. */
  readonly maxDepth?: number;
  /** How many types may be defined on the stream. Default 10 000. */
  readonly maxTypes?: number;
}

/**
 * A gob stream going out. It remembers which types the peer knows. Thus a stream has one encoder, and
 * its bytes must be sent in the order in which they were made. Go: `gob.Encoder`.
 */
export class Encoder {
  readonly #state: EncodeState;
  /** How many types the peer knows once all that was taken has arrived. */
  #committed = 0;

  constructor(options: EncoderOptions = {}) {
    this.#state = new EncodeState({
      registry: options.registry ?? new Registry(),
      types: options.types ?? new TypeRegistry(),
      hoists: options.order !== "go",
      maxDepth: options.maxDepth ?? DEFAULT_LIMITS.maxDepth,
      maxTypes: options.maxTypes ?? DEFAULT_LIMITS.maxTypes,
    });
  }

  /**
   * Adds a value to the pending bytes, and before it the definitions that the peer lacks. If it throws,
   * the pending bytes and the known types are as before [GOB-31].
   *
   * @param context - passed to the codecs in the schema.
   * @throws CodecError `bad-value`, `out-of-range`, `not-registered`, `codec-failed`, `limit`.
   */
  append<S extends AnySchema>(schema: S, value: In<S>, context?: unknown): void {
    const state = this.#state;
    const { length, sentCount } = state;
    state.context = context;
    try {
      const top = topEncoder(schema);
      if (isNil(value)) refuseNil(schema, value);
      state.openMessage();
      state.int(state.define(top.type));
      // [GOB-7] A struct begins with a delta, which is never 0; a 0 stands before all other values.
      if (!top.isStruct) state.byte(0);
      top.encoder.write(state, value);
      state.closeMessage();
      state.context = undefined;
    } catch (error) {
      state.context = undefined;
      state.truncate(length);
      state.forget(sentCount);
      throw toCodecError(error, rootName(schema));
    }
  }

  /** Returns the pending bytes, which belong to the caller from then on. */
  take(): Uint8Array {
    this.#committed = this.#state.sentCount;
    return this.#state.take();
  }

  /**
   * Takes back what {@link take} or {@link encode} returned, once it is not needed any more: a later value
   * overwrites it. This helps values of more than 64 KiB, which otherwise get new memory each time.
   */
  recycle(taken: Uint8Array): void {
    this.#state.recycle(taken);
  }

  /** How many bytes were appended and not taken. */
  get pendingBytes(): number {
    return this.#state.length;
  }

  /** How many types the peer knows once the pending bytes have arrived. */
  get sentTypes(): number {
    return this.#state.sentCount;
  }

  /** Drops the pending bytes and forgets the definitions in them. */
  discard(): void {
    this.rollback(0, this.#committed);
  }

  /** Goes back to the state in which {@link pendingBytes} and {@link sentTypes} had these values. Not past a take. */
  rollback(pendingBytes: number, sentTypes: number): void {
    this.#state.truncate(pendingBytes);
    this.#state.forget(sentTypes);
  }

  /** Appends one value and takes everything pending. */
  encode<S extends AnySchema>(schema: S, value: In<S>, context?: unknown): Uint8Array {
    this.append(schema, value, context);
    return this.take();
  }
}

/** [GOB-31] At the top Go refuses a nil pointer, because it has no bytes. */
function refuseNil(schema: AnySchema, value: null | undefined): void {
  const known = bare(schema);
  if (known.kind !== "optional" || !isNilPointer(known.elem, value)) return;
  const text = `gob: cannot encode nil pointer of type ${spell(goType(schema))}`;
  fail("bad-value", text, { isGoText: true });
}
