/** Reads the vectors of spec/vectors, and turns their types and values into schemas and values. spec/README.md explains the notation. */
import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import {
  type AnySchema,
  any,
  array,
  bool,
  bytes,
  complex64,
  complex128,
  float32,
  float64,
  int,
  int8,
  int16,
  int32,
  int64,
  lazy,
  map,
  marshaler,
  named,
  optional,
  slice,
  string,
  struct,
  value as typedValue,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
  uintptr,
} from "../../protocol/schema/index.js";

type Bytes = string | readonly (string | { readonly repeat: string; readonly times: number })[];
type Notation = string | { readonly [key: string]: unknown };

/** A type and a value of it. */
export interface Typed {
  readonly type: Notation;
  readonly value: unknown;
}
interface Entry {
  readonly id: string;
  readonly clause: string;
}

/** A gob stream that Go wrote. */
export interface Vector extends Entry {
  readonly go: string;
  readonly values: readonly Typed[];
  readonly hex: Bytes;
}

/** Bytes that no encoder writes, and what Go makes of them. */
export interface Refused extends Entry {
  readonly into: string;
  readonly type?: Notation;
  readonly hex: Bytes;
  readonly error?: string;
  readonly value?: unknown;
}

/** A net/rpc connection between Go programs. */
export interface Exchange extends Entry {
  readonly calls: readonly {
    readonly serviceMethod: string;
    readonly args: Typed;
    readonly reply?: Typed;
    readonly error?: string;
  }[];
  readonly bytes: readonly { readonly from: "client" | "server"; readonly data: string }[];
}

/** The entries of a file of spec/vectors, such as `gob/scalars.json`. */
export function readVectors<T extends Entry = Vector>(file: string): readonly T[] {
  const url = new URL(`../../spec/vectors/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T[];
}

/** The files of {@link Vector}s. */
export const GOB_FILES = [
  "scalars",
  "composites",
  "structs",
  "recursion",
  "names",
  "interfaces",
  "marshalers",
].map((name) => `gob/${name}.json`);

/** The bytes of a stream, a string or a `[]byte` in the notation. */
export function toBytes(notation: Bytes): Uint8Array {
  if (typeof notation === "string") return plain(Buffer.from(notation, "hex"));
  const pieces = notation.map((piece) =>
    typeof piece === "string"
      ? Buffer.from(piece, "hex")
      : Buffer.alloc(piece.times, Buffer.from(piece.repeat, "hex")),
  );
  return plain(Buffer.concat(pieces));
}

// Not a Buffer, because to deepStrictEqual a Buffer and a Uint8Array differ.
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer);

const PREDECLARED: Readonly<Record<string, AnySchema>> = {
  bool: bool(),
  int: int({ as: "safe" }),
  int8: int8(),
  int16: int16(),
  int32: int32(),
  int64: int64({ as: "safe" }),
  uint: uint({ as: "safe" }),
  uint8: uint8(),
  uint16: uint16(),
  uint32: uint32(),
  uint64: uint64({ as: "safe" }),
  uintptr: uintptr({ as: "safe" }),
  float32: float32(),
  float64: float64(),
  complex64: complex64(),
  complex128: complex128(),
  string: string(),
  bytes: bytes(),
  interface: any(),
};

type Scope = ReadonlyMap<string, () => AnySchema>;

/**
 * The schema of a type. A marshaler's values are its bytes in hex.
 *
 * @param scope - the declared types around this one, to which it may refer.
 */
export function toSchema(type: Notation, scope: Scope = new Map()): AnySchema {
  if (typeof type === "string") {
    const schema = PREDECLARED[type];
    if (schema === undefined) throw new Error(`no type ${type}`);
    return schema;
  }
  if ("ref" in type) {
    const schema = scope.get(type.ref as string);
    if (schema === undefined) throw new Error(`nothing around is ${type.ref}`);
    return lazy(schema);
  }
  let made: AnySchema;
  const name = (type.struct ?? type.named ?? type.name ?? "") as string;
  const inner: Scope = name === "" ? scope : new Map(scope).set(name, () => made);
  const part = (of: unknown) => toSchema(of as Notation, inner);
  if ("slice" in type) made = slice(part(type.slice));
  else if ("array" in type) made = array(type.length as number, part(type.array));
  else if ("pointer" in type) made = optional(part(type.pointer));
  else if ("named" in type) made = named(name, part(type.type));
  else if ("marshaler" in type) made = toMarshaler(type, part(type.underlying));
  else if ("map" in type) {
    const [key, elem] = type.map as [unknown, unknown];
    made = map(part(key), part(elem));
  } else {
    const fields = Object.entries(type.fields as Record<string, unknown>);
    made = struct(
      name,
      Object.fromEntries(fields.map(([field, of]) => [field, toField(of, part)])),
    );
  }
  return made;
}

/** Only in a struct field does Go tell a nil map from an empty one. */
function toField(of: unknown, part: (of: unknown) => AnySchema): AnySchema {
  const below = (of as { type?: unknown }).type ?? of;
  const isMap = typeof below === "object" && below !== null && "map" in below;
  return isMap ? optional(part(of)) : part(of);
}

function toMarshaler(type: Exclude<Notation, string>, underlying: AnySchema): AnySchema {
  const zero = type.zero as string | undefined;
  return marshaler<string, string>({
    name: type.name as string,
    form: type.marshaler as "gob" | "binary",
    underlying,
    encode: (hex) => Buffer.from(hex, "hex"),
    decode: (of) => Buffer.from(of).toString("hex"),
    zero: () => zero ?? "",
    ...(type.method === "pointer" ? {} : { isZero: (hex: string) => hex === zero }),
  });
}

/**
 * The value in JavaScript.
 *
 * @param face - `in`: for an encoder, with the type of each value behind an interface. `out`: from a decoder that knows the
 * types behind interfaces by their names.
 */
export function toValue({ type, value }: Typed, face: "in" | "out"): unknown {
  const open = new Map<string, Notation>();
  const convert = (of: unknown, from: unknown): unknown => {
    const notation = of as Notation;
    if (typeof notation === "string") return toPredeclared(notation, from, interfaceValue);
    if ("ref" in notation) return convert(open.get(notation.ref as string), from);
    const name = (notation.struct ?? notation.named ?? notation.name ?? "") as string;
    if (name !== "") open.set(name, notation);
    if ("pointer" in notation) return from === null ? undefined : convert(notation.pointer, from);
    if ("named" in notation) return convert(notation.type, from);
    if ("marshaler" in notation) return (from as { marshaled: string }).marshaled;
    const list = notation.slice ?? notation.array;
    if (list !== undefined) return (from as unknown[]).map((item) => convert(list, item));
    if ("map" in notation) {
      if (from === null) return undefined;
      const [key, elem] = notation.map as [unknown, unknown];
      const entries = (from as { map: [unknown, unknown][] }).map;
      return new Map(entries.map(([k, v]) => [convert(key, k), convert(elem, v)]));
    }
    const fields = Object.entries(notation.fields as Record<string, unknown>);
    const values = (from as { struct: Record<string, unknown> }).struct;
    const converted = fields.map(([field, part]) => [field, convert(part, values[field])] as const);
    // A nil pointer or map is a missing key.
    return Object.fromEntries(converted.filter(([, item]) => item !== undefined));
  };
  const interfaceValue = (from: Dynamic): unknown => {
    const item = convert(from.type, from.value);
    if (face === "out") return item;
    return typedValue(named(from.name, toSchema(from.type)), item as never);
  };
  return convert(type, value);
}

/** What is in an interface. */
interface Dynamic extends Typed {
  readonly name: string;
}

function toPredeclared(type: string, from: unknown, dynamic: (from: Dynamic) => unknown): unknown {
  if (type === "interface") return from === null ? null : dynamic(from as Dynamic);
  if (typeof from !== "object" || from === null) return from;
  const tagged = from as Record<string, unknown>;
  if ("int" in tagged) return BigInt(tagged.int as string);
  if ("float" in tagged) return Number(tagged.float);
  if ("bytes" in tagged) return toBytes(tagged.bytes as Bytes);
  if ("string" in tagged) return textOf(toBytes(tagged.string as Bytes));
  const [re, im] = tagged.complex as [unknown, unknown];
  return { re: toPredeclared("float64", re, dynamic), im: toPredeclared("float64", im, dynamic) };
}

/** [GOB-44] The only vector of it has no two bytes side by side that could be UTF-8. */
const textOf = (bytes: Uint8Array): string =>
  isUtf8(bytes)
    ? Buffer.from(bytes).toString()
    : String.fromCharCode(...Array.from(bytes, (byte) => (byte < 0x80 ? byte : 0xdc00 | byte)));

/** The names and types of all values behind interfaces, for a registry. */
export function behindInterfaces(value: unknown): ReadonlyMap<string, Notation> {
  const found = new Map<string, Notation>();
  const search = (of: unknown): void => {
    if (typeof of !== "object" || of === null) return;
    const { name, type } = of as Partial<Dynamic>;
    if (name !== undefined && type !== undefined && "value" in of) found.set(name, type);
    for (const part of Object.values(of)) search(part);
  };
  search(value);
  return found;
}
