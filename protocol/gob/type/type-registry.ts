/**
 * Ids and names of the types that an encoder sends. A receiver does not care about either, but equal bytes need
 * both to be as Go would have them [GOB-11] [GOB-12]. Go decides by the order in which it reaches the types, so the
 * code below reaches them in that order.
 */

import { wireName } from "./go-name.js";
import { baseType, type GoType } from "./go-type.js";
import { equalParts, labelOf } from "./same-type.js";
import { spell } from "./spell.js";
import { BASIC_IDS, FIRST_USER_ID } from "./wire-type.js";

/** A Go type with its id and the name that its definition carries. */
export interface TypeEntry {
  /** The type, never a pointer. */
  readonly type: GoType;
  /** The name in the definition; empty if the definition has none. */
  readonly name: string;
  /** 0 until Go would have given the type its id. */
  id: number;
  /** Of slices, arrays and maps. */
  elem: TypeEntry | undefined;
  /** Of maps. */
  key: TypeEntry | undefined;
  /** Of structs, by field number. */
  fields: readonly { readonly name: string; readonly type: TypeEntry }[];
}

/**
 * How many parts of types are compared that turn out to differ. A peer can define many types that are nearly equal, and
 * a type that is not compared is only defined once more.
 */
const MAX_VAIN_PAIRS = 200_000;

/** Options of a {@link TypeRegistry}. */
export interface TypeRegistryOptions {
  /** The first id given: 64 (default) as Go since 1.21, or 65 as Go before. */
  readonly firstId?: 64 | 65;
}

/**
 * Ids and names of types. Go has one such table per process. Here every encoder has its own, unless several are
 * given the same one.
 */
export class TypeRegistry {
  #nextId: number;
  readonly #byType = new WeakMap<GoType, TypeEntry>();
  /** The entries that can stand for one type in Go. Two schemas of a type have one entry. */
  readonly #byLabel = new Map<string, TypeEntry[]>();
  #vainPairs = 0;
  /** The ids of the second entries that Go makes for pointers to marshaler types. */
  readonly #ghosts = new WeakMap<TypeEntry, number>();

  /** @param options - which Go version to be like. */
  constructor(options: TypeRegistryOptions = {}) {
    this.#nextId = options.firstId ?? FIRST_USER_ID;
  }

  /**
   * [GOB-11] The entry of a type. It is made, with those of all its parts, when the type is asked for first.
   *
   * @param type - below all pointers.
   * @param name - the name for the definition if the entry is made now. It depends on the way in which Go reaches
   *   a type, and the first way decides [GOB-12].
   */
  entry(type: GoType, name: string): TypeEntry {
    const basic = basicEntry(type);
    if (basic !== undefined) return basic;
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    // Another schema may stand for the same Go type. Both must share an entry, or the type would be defined twice on
    // the stream.
    const label = labelOf(type);
    const others = this.#byLabel.get(label) ?? [];
    const twin =
      this.#vainPairs > MAX_VAIN_PAIRS
        ? undefined
        : others.find((other) => this.#isTwin(type, other));
    if (twin !== undefined) return twin;
    const entry: TypeEntry = { type, name, id: 0, elem: undefined, key: undefined, fields: [] };
    // Registered before its parts are reached, which may contain the type, as this schema or as an equal one.
    this.#byType.set(type, entry);
    others.push(entry);
    this.#byLabel.set(label, others);
    this.#number(entry);
    return entry;
  }

  /** Whether `type` is the type of `other` in Go. If so, its parts get the entries of the other's parts, too. */
  #isTwin(type: GoType, other: TypeEntry): boolean {
    const before = this.#vainPairs;
    const pairs = equalParts(type, other.type, () => ++this.#vainPairs <= MAX_VAIN_PAIRS);
    if (pairs === undefined) return false;
    this.#vainPairs = before;
    for (const [part, twin] of pairs) {
      const entry = this.#byType.get(twin);
      if (entry !== undefined && !this.#byType.has(part)) this.#byType.set(part, entry);
    }
    return true;
  }

  /**
   * The id inside the definition that Go sends for a marshaler first reached through a pointer [GOB-16]. It means
   * nothing to the receiver, but it uses up an id.
   */
  ghostId(entry: TypeEntry): number {
    let id = this.#ghosts.get(entry);
    if (id === undefined) {
      id = this.#nextId++;
      this.#ghosts.set(entry, id);
    }
    return id;
  }

  /**
   * [GOB-11] Gives the entry and its parts their ids in Go's order: structs and marshalers take theirs before
   * their parts, all other types after them.
   *
   * A part that contains this type may have been reached on the way here and still be without an id. Go gives it
   * one as soon as the type that needs it does, hence the calls of `#assign` for parts.
   */
  #number(entry: TypeEntry): void {
    const { type } = entry;
    switch (type.kind) {
      case "marshaler":
        this.#assign(entry);
        break;
      case "struct":
        this.#assign(entry);
        entry.fields = type.fields.map((field) => {
          const base = baseType(field.type);
          const part = this.entry(base, wireName(base.name) || spell(base));
          this.#assign(part);
          return { name: field.name, type: part };
        });
        break;
      case "map":
        entry.key = this.entry(baseType(type.key!), "");
        entry.elem = this.entry(baseType(type.elem!), "");
        break;
      default: {
        const elem = type.elem!;
        const name = type.kind === "slice" ? wireName(elem.name) : "";
        entry.elem = this.entry(baseType(elem), name);
      }
    }
    this.#assign(entry);
    if (entry.key !== undefined) this.#assign(entry.key);
    if (entry.elem !== undefined) this.#assign(entry.elem);
  }

  #assign(entry: TypeEntry): void {
    if (entry.id === 0) entry.id = this.#nextId++;
  }
}

const basics = new Map<string, TypeEntry>();

/** The entry of a type that needs no definition. Undefined for others. */
function basicEntry(type: GoType): TypeEntry | undefined {
  const id = (BASIC_IDS as Readonly<Record<string, number>>)[type.kind];
  if (id === undefined) return undefined;
  let entry = basics.get(type.kind);
  if (entry === undefined) {
    entry = { type, name: type.kind, id, elem: undefined, key: undefined, fields: [] };
    basics.set(type.kind, entry);
  }
  return entry;
}
