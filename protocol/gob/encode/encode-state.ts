/**
 * The bytes of a stream going out, and the state that compiled encoders need: the types that the peer knows,
 * the lengths that are open, the depth of the value.
 *
 * A length is sent before its bytes but known only after them. One byte is left free for it, and the bytes
 * move in the rare case that the length takes more.
 */
import { fail } from "../failure.js";
import type { Registry } from "../registry.js";
import { wireName } from "../type/go-name.js";
import { baseType, type GoType } from "../type/go-type.js";
import type { TypeEntry, TypeRegistry } from "../type/type-registry.js";
import { BASIC_IDS } from "../type/wire-type.js";
import { writeDefinition } from "./definition.js";
import { GobWriter } from "./writer.js";

/** The settings of a stream. */
export interface EncodeConfig {
  readonly registry: Registry;
  readonly types: TypeRegistry;
  /** Whether definitions needed inside a value go before it [GOB-29]. If not, they go where Go puts them [GOB-26]. */
  readonly hoists: boolean;
  readonly maxDepth: number;
  readonly maxTypes: number;
}

/** The state of one {@link Encoder}. It is the writer itself, which saves a hop for each primitive. */
export class EncodeState extends GobWriter {
  readonly registry: Registry;
  /** For the codecs in the schema. */
  context: unknown = undefined;
  /** Values around the one being written. Not lowered after an error: `openMessage` starts again at 0. */
  depth = 0;
  readonly #config: EncodeConfig;
  readonly #types: TypeRegistry;
  /** The types that the peer knows. A set keeps its order: the newest can be taken back. */
  readonly #sent = new Set<TypeEntry>();
  /** Ids of the types that were defined, by the type's node: the short way for all messages but the first. */
  #ids = new WeakMap<GoType, number>();
  /** The position of the length of the open message. */
  #messageStart = 0;
  /** The same for the values behind interfaces that are open, from the outside in. */
  readonly #pieces: number[] = [];
  /** Definitions that go before the value that is being written. */
  #hoisted: GobWriter | undefined;

  constructor(config: EncodeConfig) {
    super();
    this.#config = config;
    this.#types = config.types;
    this.registry = config.registry;
  }

  /** How many types the peer knows; {@link forget} goes back to it. */
  get sentCount(): number {
    return this.#sent.size;
  }

  /** [GOB-31] Takes back the types that were defined after the first `sentCount`, because their bytes are dropped. */
  forget(sentCount: number): void {
    if (this.#sent.size === sentCount) return;
    for (const entry of [...this.#sent].slice(sentCount)) this.#sent.delete(entry);
    this.#ids = new WeakMap();
  }

  /** Starts a message, up to {@link closeMessage}. Drops the state that a failed value left behind. */
  openMessage(): void {
    this.#hoisted = undefined;
    this.depth = 0;
    if (this.#pieces.length > 0) this.#pieces.length = 0;
    this.#messageStart = this.length;
    this.byte(0);
  }

  /** Fills in the length, and puts the definitions before the message that were first needed inside it. */
  closeMessage(): void {
    this.closeLength(this.#messageStart);
    if (this.#hoisted === undefined) return;
    this.insert(this.#messageStart, this.#hoisted.length);
    this.bytes.set(this.#hoisted.take(), this.indexOf(this.#messageStart));
    this.#hoisted = undefined;
  }

  /** Starts a value behind an interface, with one byte left free for its length. */
  openPiece(): void {
    this.#pieces.push(this.length);
    this.byte(0);
  }

  /** Fills in the length of the innermost open piece. */
  closePiece(): void {
    this.closeLength(this.#pieces.pop() as number);
  }

  /** [GOB-29] Makes `type` known to the peer if it is not, and returns its id. */
  define(type: GoType): number {
    const known = this.#ids.get(type);
    if (known !== undefined) return known;
    const isNew = this.#send(type);
    const entry = this.#entryOf(type);
    // Go numbers the pointer to a marshaler even where the marshaler was sent before.
    if (!isNew && isGhost(type)) this.#types.ghostId(entry);
    this.#ids.set(type, entry.id);
    return entry.id;
  }

  /**
   * [GOB-11] Sends the definition of a type, then those of its parts. Without a new definition there is
   * nothing below either: the parts were sent with the type.
   *
   * @returns whether the type was new.
   */
  #send(type: GoType): boolean {
    const base = baseType(type);
    if (base.kind in BASIC_IDS) return false;
    const entry = this.#entryOf(type);
    if (this.#sent.has(entry)) return false;
    if (this.#sent.size >= this.#config.maxTypes) {
      fail("limit", `more types than maxTypes (${this.#config.maxTypes}); create schemas once`);
    }
    this.#sendDefinition(entry, isGhost(type));
    // Before the parts, which may contain the type.
    this.#sent.add(entry);
    this.#sendParts(base);
    return true;
  }

  /** The first request for a type decides its name in the registry. The requests must come in Go's order. */
  #entryOf(type: GoType): TypeEntry {
    const base = baseType(type);
    return this.#types.entry(base, isGhost(type) ? "" : wireName(base.name));
  }

  /** [GOB-16] The parts below a marshaler's methods are sent like any others. */
  #sendParts(base: GoType): void {
    const of = base.kind === "marshaler" ? base.elem : base;
    if (of === undefined) return;
    for (const field of of.fields) this.#send(field.type);
    if (of.key !== undefined) this.#send(of.key);
    if (of.elem !== undefined) this.#send(of.elem);
  }

  #sendDefinition(entry: TypeEntry, asGhost: boolean): void {
    const name = asGhost ? "" : entry.name;
    const innerId = asGhost ? this.#types.ghostId(entry) : entry.id;
    // At the start of a message there is only its length byte: the definition takes that message, and the
    // value the next. Later on the type is behind an interface, in the middle of another value.
    const isInValue = this.length > this.#messageStart + 1;
    if (this.#config.hoists && isInValue) this.#hoist(entry, name, innerId);
    else {
      writeDefinition(this, entry, name, innerId);
      this.#splitValue();
    }
  }

  /** Writes a definition aside, as a whole message. */
  #hoist(entry: TypeEntry, name: string, innerId: number): void {
    this.#hoisted ??= new GobWriter();
    const start = this.#hoisted.length;
    this.#hoisted.byte(0);
    writeDefinition(this.#hoisted, entry, name, innerId);
    this.#hoisted.closeLength(start);
  }

  /** [GOB-26] The open piece or message ends with the definition. The value goes on in the next one. */
  #splitValue(): void {
    if (this.#pieces.length > 0) {
      this.closePiece();
      this.openPiece();
    } else {
      this.closeLength(this.#messageStart);
      this.#messageStart = this.length;
      this.byte(0);
    }
  }

  /** Goes one level down. The caller lowers `depth` when the level is done. */
  enter(): void {
    if (++this.depth > this.#config.maxDepth) {
      fail(
        "limit",
        `value nests deeper than maxDepth (${this.#config.maxDepth}), or contains itself`,
      );
    }
  }
}

/** Behind a pointer Go defines a marshaler without a name and with another id inside [GOB-16]. */
const isGhost = (type: GoType): boolean =>
  type.kind === "pointer" && baseType(type).kind === "marshaler";
