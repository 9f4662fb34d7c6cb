import { fail } from "../failure.js";
import type { Registry } from "../registry.js";
import { wireName } from "../type/go-name.js";
import { baseType, type GoType } from "../type/go-type.js";
import type { TypeEntry, TypeRegistry } from "../type/type-registry.js";
import { writeDefinition } from "./definition.js";
import { GobWriter } from "./writer.js";

export interface EncodeConfig {
  readonly registry: Registry;
  readonly types: TypeRegistry;
  /** Definitions first met inside a value go before it, or where Go puts them. */
  readonly hoists: boolean;
  readonly maxDepth: number;
  readonly maxTypes: number;
}

/** The bytes of a stream going out, with what compiled encoders need to know on the way. */
export class EncodeState extends GobWriter {
  readonly registry: Registry;
  context: unknown = undefined;
  depth = 0;
  readonly #config: EncodeConfig;
  readonly #types: TypeRegistry;
  /** Types the peer knows. A set keeps the order, so the newest can be taken back. */
  readonly #sent = new Set<TypeEntry>();
  /** Ids of types already looked up, by their node. */
  #ids = new WeakMap<GoType, number>();
  /** Where the length of the message is to stand, or of what is left of it. */
  #messageStart = 0;
  /** The same for the interface values that are open. */
  readonly #pieces: number[] = [];
  /** Definitions to be put before the value that is being written. */
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

  forget(sentCount: number): void {
    if (this.#sent.size === sentCount) return;
    for (const entry of [...this.#sent].slice(sentCount)) this.#sent.delete(entry);
    this.#ids = new WeakMap();
  }

  /** Starts a message; {@link closeMessage} is to follow. */
  openMessage(): void {
    this.#hoisted = undefined;
    this.depth = 0;
    if (this.#pieces.length > 0) this.#pieces.length = 0;
    this.#messageStart = this.length;
    this.byte(0);
  }

  closeMessage(): void {
    this.closeLength(this.#messageStart);
    // [GOB-29] What was first met inside the value is defined before it.
    if (this.#hoisted === undefined) return;
    this.insert(this.#messageStart, this.#hoisted.length);
    this.bytes.set(this.#hoisted.take(), this.indexOf(this.#messageStart));
    this.#hoisted = undefined;
  }

  /** Leaves room for the length of what follows: one byte, which is enough for most values. */
  openPiece(): void {
    this.#pieces.push(this.length);
    this.byte(0);
  }

  closePiece(): void {
    this.closeLength(this.#pieces.pop() as number);
  }

  /** [GOB-29] Makes `type` known to the peer if it is not, and returns its id. */
  define(type: GoType): number {
    const known = this.#ids.get(type);
    if (known !== undefined) return known;
    const base = baseType(type);
    const isGhost = type !== base && base.kind === "marshaler";
    const entry = this.#types.entry(base, isGhost ? "" : wireName(base.name));
    if (!this.#send(type) && isGhost) this.#types.ghostId(entry);
    this.#ids.set(type, entry.id);
    return entry.id;
  }

  /** [GOB-11] Parents before parts; what was sent is left out with everything below. */
  #send(type: GoType): boolean {
    const base = baseType(type);
    if (base.kind in BASIC) return false;
    const isGhost = type !== base && base.kind === "marshaler";
    const entry = this.#types.entry(base, isGhost ? "" : wireName(base.name));
    if (this.#sent.has(entry)) return false;
    if (this.#sent.size >= this.#config.maxTypes) {
      fail("limit", `more types than maxTypes (${this.#config.maxTypes}); create schemas once`);
    }
    this.#sendDefinition(entry, isGhost);
    this.#sent.add(entry);
    this.#sendParts(base);
    return true;
  }

  /** [GOB-16] The parts below a marshaler's methods are sent like any others. */
  #sendParts(base: GoType): void {
    const of = base.kind === "marshaler" ? base.elem : base;
    if (of === undefined) return;
    for (const field of of.fields) this.#send(field.type);
    if (of.key !== undefined) this.#send(of.key);
    if (of.elem !== undefined) this.#send(of.elem);
  }

  #sendDefinition(entry: TypeEntry, isGhost: boolean): void {
    const name = isGhost ? "" : entry.name;
    const innerId = isGhost ? this.#types.ghostId(entry) : entry.id;
    // A type is first met at the start of its value or, behind an interface, in the middle of another.
    const isInValue = this.length > this.#messageStart + 1;
    if (this.#config.hoists && isInValue) {
      this.#hoisted ??= new GobWriter();
      const start = this.#hoisted.length;
      this.#hoisted.byte(0);
      writeDefinition(this.#hoisted, entry, name, innerId);
      this.#hoisted.closeLength(start);
      return;
    }
    // [GOB-26] Everything so far and the definition become a piece; the value goes on in the next.
    writeDefinition(this, entry, name, innerId);
    if (this.#pieces.length > 0) {
      this.closePiece();
      this.openPiece();
    } else {
      this.closeLength(this.#messageStart);
      this.#messageStart = this.length;
      this.byte(0);
    }
  }

  enter(): void {
    if (++this.depth > this.#config.maxDepth) {
      fail(
        "limit",
        `value nests deeper than maxDepth (${this.#config.maxDepth}), or contains itself`,
      );
    }
  }
}

const BASIC = {
  bool: 1,
  int: 1,
  uint: 1,
  float: 1,
  complex: 1,
  string: 1,
  bytes: 1,
  interface: 1,
};
