import { spell, wireName } from "./go-name.js";
import { baseType, type GoType } from "./go-type.js";
import { BASIC_IDS, FIRST_USER_ID } from "./wire-type.js";

/** A Go type with its id and the name that its definition carries. */
export interface TypeEntry {
  readonly type: GoType;
  readonly name: string;
  /** 0 while the type is under construction. */
  id: number;
  elem: TypeEntry | undefined;
  key: TypeEntry | undefined;
  fields: readonly { readonly name: string; readonly type: TypeEntry }[];
}

export interface TypeRegistryOptions {
  /** The first id given: 64 (default) as Go since 1.21, or 65 as Go before. */
  readonly firstId?: 64 | 65;
}

/**
 * Ids and names of types, given in Go's order. In Go there is one per process; here every encoder has
 * its own unless one is handed to several.
 */
export class TypeRegistry {
  #nextId: number;
  readonly #byType = new WeakMap<GoType, TypeEntry>();
  readonly #byKey = new Map<string, TypeEntry>();
  /** The second entries of marshaler types, which Go makes for pointers to them. */
  readonly #ghosts = new WeakMap<TypeEntry, number>();

  constructor(options: TypeRegistryOptions = {}) {
    this.#nextId = options.firstId ?? FIRST_USER_ID;
  }

  /** [GOB-11] The entry of a type below its pointers, as if `name` were how Go reached it first. */
  entry(type: GoType, name: string): TypeEntry {
    const basic = basicEntry(type);
    if (basic !== undefined) return basic;
    const known = this.#byType.get(type);
    if (known !== undefined) return known;
    // The same Go type written as another schema has the same key, and so the same entry.
    const key = keyOf(type);
    const twin = key === undefined ? undefined : this.#byKey.get(key);
    if (twin !== undefined) {
      this.#byType.set(type, twin);
      return twin;
    }
    const entry: TypeEntry = { type, name, id: 0, elem: undefined, key: undefined, fields: [] };
    // Known before its parts are: they may contain the type, as this schema or as an equal one.
    this.#byType.set(type, entry);
    if (key !== undefined) this.#byKey.set(key, entry);
    this.#number(entry);
    return entry;
  }

  /** The id inside the definition that Go sends for a pointer to a marshaler; used for nothing. */
  ghostId(entry: TypeEntry): number {
    let id = this.#ghosts.get(entry);
    if (id === undefined) {
      id = this.#nextId++;
      this.#ghosts.set(entry, id);
    }
    return id;
  }

  /** [GOB-11] Structs and marshalers take their id before their parts, all others after. */
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

/**
 * Equal for what is one type in Go. Types are described from any of their parts, and a part may be
 * one schema or several equal ones, so what was seen before is known by its declaration. Undefined
 * for a type that a peer made too large to describe: that one is equal to itself alone.
 */
function keyOf(root: GoType): string | undefined {
  const seen = new Map<string, number>();
  /** How deep the types around stand. */
  const open = new Map<GoType, number>();
  let parts = 0;
  /** @param from - where the innermost declaration around stands. */
  const describe = (type: GoType, depth: number, from: number): string => {
    if (type.basic !== "" || type.kind === "interface" || type.kind === "bytes") {
      return `${type.kind} ${type.name}`;
    }
    const label = labelOf(type);
    const isDeclared = type.name !== "";
    const known = isDeclared ? seen.get(label) : undefined;
    if (known !== undefined) return `#${known}`;
    const before = open.get(type);
    if (before !== undefined && before >= from) return `^${depth - before}`;
    if (++parts > MAX_KEY_PARTS) return "";
    if (isDeclared) seen.set(label, seen.size);
    open.set(type, depth);
    const part = (of: GoType) => describe(of, depth + 1, isDeclared ? depth + 1 : from);
    const inner = type.fields.map((field) => part(field.type));
    if (type.key !== undefined) inner.push(part(type.key));
    if (type.elem !== undefined) inner.push(part(type.elem));
    if (before === undefined) open.delete(type);
    else open.set(type, before);
    return `${label}{${inner.join(";")}}`;
  };
  const key = describe(root, 0, 0);
  return parts > MAX_KEY_PARTS ? undefined : key;
}

/** Types in types, beyond which no two are compared. */
const MAX_KEY_PARTS = 500;

const labels = new WeakMap<GoType, string>();

/** What shows of a type without its parts. */
function labelOf(type: GoType): string {
  let label = labels.get(type);
  if (label === undefined) {
    const fields = type.fields.map((field) => `${field.name} ${field.type.kind}`);
    label = `${type.kind}${type.form}${type.length} ${type.name}(${fields.join()})`;
    labels.set(type, label);
  }
  return label;
}

const basics = new Map<string, TypeEntry>();

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
