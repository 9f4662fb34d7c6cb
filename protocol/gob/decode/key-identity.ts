/**
 * [GOB-19] [GOB-38] Which keys of a map are one key in Go. Go compares structs and arrays by their parts, a `Map`
 * compares objects by identity. Keys that are objects here are therefore compared by a text made of their parts. The
 * other way around, a `Map` takes some keys for one that are several in Go: NaN, and values without their Go type.
 */
import type { AnySchema, TypedValue } from "../../schema/index.js";
import { type BareSchema, bare } from "../../schema/known.js";
import { valueFields } from "../type/struct-fields.js";

/** A text that two keys share if they are equal in Go. Undefined for a key that is equal to itself only. */
type KeyText = (key: unknown) => string | undefined;

/** The keys of one map, compared as in Go. */
export class KeyIdentity {
  readonly #textOf: KeyText;
  readonly #keys = new Map<string, unknown>();
  /** The keys that came in this message. */
  readonly #met = new Set<unknown>();

  /** @param keys - those that the map has already. */
  constructor(textOf: KeyText, keys: Iterable<unknown>) {
    this.#textOf = textOf;
    for (const key of keys) {
      const text = textOf(key);
      if (text !== undefined) this.#keys.set(text, key);
    }
  }

  /**
   * The key met before that is the same in Go, or else `key` itself. Undefined if it is another key in Go and the same
   * one in a `Map`.
   *
   * @param wireText - the key as it came, where it may have lost something since.
   */
  known(key: unknown, wireText: string | undefined): { readonly key: unknown } | undefined {
    const text = wireText ?? this.#textOf(key);
    if (text !== undefined && this.#keys.has(text)) {
      const known = this.#keys.get(text);
      this.#met.add(known);
      return { key: known };
    }
    if (this.#met.has(key)) return undefined;
    this.#met.add(key);
    if (text !== undefined) this.#keys.set(text, key);
    return { key };
  }
}

/**
 * The text of keys of a schema. Undefined where a `Map` compares as Go does, which costs nothing.
 */
export function keyTextOf(schema: AnySchema): KeyText | undefined {
  const known = bare(schema);
  if (EXACT.has(known.kind)) return undefined;
  // Numbers that differ in Go may have been rounded to one.
  if (known.kind === "float" && known.bits === 32) return () => undefined;
  return (key) => textOf(known, key);
}

/** One key here is one key there, and the other way around. */
const EXACT: ReadonlySet<string> = new Set(["bool", "int", "uint", "string"]);

/** Each part is preceded by its length, so that parts which run together do not make one text of two values. */
function textOf(schema: BareSchema, value: unknown): string | undefined {
  switch (schema.kind) {
    case "bool":
    case "int":
    case "uint":
    case "float":
    case "string":
      return scalarText(value);
    case "complex": {
      const { re, im } = value as { re: number; im: number };
      return join([scalarText(re), scalarText(im)]);
    }
    case "rawString":
      return Buffer.from(value as Uint8Array).toString("latin1");
    case "array":
      return join((value as unknown[]).map((item) => textOf(bare(schema.elem), item)));
    case "struct":
      if (schema.empty === true) return "";
      return join(
        valueFields(schema).map(({ key, schema: of }) =>
          textOf(bare(of), (value as Record<string, unknown>)[key]),
        ),
      );
    case "marshaler":
      return Buffer.from(schema.encode(value)).toString("latin1");
    case "interface":
      // A plain value has lost its type, and an int8 and an int16 of 0 are two keys in Go.
      return schema.form === "dynamic" || value === null ? dynamicText(value) : undefined;
    case "optional":
      // Go compares pointers by address. Each one that arrives points to a new value.
      return value === undefined ? "nil" : undefined;
    default:
      // Values of users' codecs cannot be compared.
      return undefined;
  }
}

/** Values behind interfaces are equal if both their types and their values are. */
function dynamicText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return scalarText(value);
  const { schema, value: inner } = value as Partial<TypedValue>;
  if (schema === undefined) return undefined;
  const named = schema.kind === "named" ? String((schema as { name?: unknown }).name) : "";
  const text = textOf(bare(schema), inner);
  return text === undefined ? undefined : join([named, bare(schema).kind, text]);
}

/** In Go NaN equals no key, itself included, and -0 equals 0. */
const scalarText = (value: unknown): string | undefined =>
  Number.isNaN(value) ? undefined : `${typeof value} ${String(value)}`;

function join(parts: readonly (string | undefined)[]): string | undefined {
  let text = "";
  for (const part of parts) {
    if (part === undefined) return undefined;
    text += `${part.length}:${part}`;
  }
  return text;
}
