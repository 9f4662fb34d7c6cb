import type { AnySchema, In } from "../schema/index.js";
import { bare } from "../schema/known.js";
import { topEncoder } from "./encode/compile-encoder.js";
import { EncodeState } from "./encode/encode-state.js";
import { isNil } from "./encode/value-encoder.js";
import { fail, toCodecError } from "./failure.js";
import { DEFAULT_LIMITS } from "./limits.js";
import { Registry } from "./registry.js";
import { spell } from "./type/go-name.js";
import { baseType, goType } from "./type/go-type.js";
import { TypeRegistry } from "./type/type-registry.js";

export interface EncoderOptions {
  /** Names for values behind interfaces. Default: the predeclared types only. */
  readonly registry?: Registry;
  /**
   * Where definitions go that are first needed inside a value. `"hoisted"` (default): in front of
   * it, so that peers can skip the value safely. `"go"`: where Go puts them, for equal bytes.
   */
  readonly order?: "hoisted" | "go";
  /** Ids and names of types. Default: a registry of its own, from id 64. */
  readonly types?: TypeRegistry;
  /** How deep values nest. Default 10 000; the stack may end before. */
  readonly maxDepth?: number;
  /** Types defined on the stream. Default 10 000. */
  readonly maxTypes?: number;
}

/**
 * A gob stream going out. It remembers which types the peer knows, so a stream has one encoder, and
 * the bytes must be sent in the order in which they were made. Go: `gob.Encoder`.
 */
export class Encoder {
  readonly #state: EncodeState;
  /** What the peer will know when all that was taken has arrived. */
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
   * Adds a value, and before it the definitions the peer lacks, to the pending bytes. If it throws,
   * the pending bytes and the known types are as before [GOB-31].
   *
   * @param context - handed to the codecs in the schema.
   * @throws CodecError `bad-value`, `out-of-range`, `not-registered`, `codec-failed`, `limit`.
   */
  append<S extends AnySchema>(schema: S, value: In<S>, context?: unknown): void {
    const state = this.#state;
    const { length, sentCount } = state;
    state.context = context;
    try {
      const top = topEncoder(schema);
      if (isNil(value)) refuseNil(schema);
      state.openMessage();
      state.int(state.define(top.type));
      // [GOB-7]
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

  /** Hands out the pending bytes, which the caller owns from then on. */
  take(): Uint8Array {
    this.#committed = this.#state.sentCount;
    return this.#state.take();
  }

  /**
   * Takes back what {@link take} or {@link encode} handed out, when nobody will look at it again: a later
   * value is written there. It pays for values of more than 64 KiB, whose memory is new each time otherwise.
   */
  recycle(taken: Uint8Array): void {
    this.#state.recycle(taken);
  }

  /** Bytes that were appended and not taken. */
  get pendingBytes(): number {
    return this.#state.length;
  }

  /** Types that the peer knows once the pending bytes have arrived. */
  get sentTypes(): number {
    return this.#state.sentCount;
  }

  /** Drops the pending bytes and forgets the definitions in them. */
  discard(): void {
    this.rollback(0, this.#committed);
  }

  /** Goes back to where {@link pendingBytes} and {@link sentTypes} were these, since the last take. */
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

function refuseNil(schema: AnySchema): void {
  if (bare(schema).kind !== "optional") return;
  const text = `gob: cannot encode nil pointer of type ${spell(goType(schema))}`;
  fail("bad-value", text, { isGoText: true });
}

/** The first part of a path: the name of the outermost struct. */
export function rootName(schema: AnySchema): string {
  try {
    return baseType(goType(schema)).name;
  } catch {
    return "";
  }
}
