/** The types of a peer as its definitions describe them, and those that need no definition. */
import type { AnySchema } from "../../schema/index.js";

/**
 * What a peer's type is made of. `gob`, `binary` and `text` are marshalers, by their method. `none` is a type
 * that was defined without a kind.
 */
export type WireKind =
  | "bool"
  | "int"
  | "uint"
  | "float"
  | "bytes"
  | "string"
  | "complex"
  | "interface"
  | "array"
  | "slice"
  | "struct"
  | "map"
  | "gob"
  | "binary"
  | "text"
  | "none";

/** A field of a peer's struct. */
export interface WireField {
  /** The name in Go. */
  readonly name: string;
  /** The id of its type. */
  readonly id: number;
}

/** A type as the peer described it. It refers to other types by id, and those may be missing until a value needs them. */
export interface WireType {
  /** The id that the peer gave it. */
  readonly id: number;
  /** What the type is made of. */
  readonly kind: WireKind;
  /** The declared name, for error texts only: two types can share one, and some have none. */
  readonly name: string;
  /** The type id of the elements of a slice, an array or a map, else 0. */
  readonly elem: number;
  /** The type id of the keys of a map, else 0. */
  readonly key: number;
  /** Of an array, else 0. */
  readonly length: number;
  /** Of a struct, by field number. */
  readonly fields: readonly WireField[];
  /** The number of its definition, see `known-graphs.ts`. 0 if it is not compared with those of other streams. */
  readonly shape: number;
  /** Its own number, once all that it refers to is known and other streams may share it. 0 before. */
  settled: number;
  /** Decoders compiled for this type, by schema. Only the decoder knows their types. */
  compiled: WeakMap<AnySchema, object> | undefined;
}

/** [GOB-8] The first id a definition may have. Go sends from 64, and up to 1.20 from 65. */
export const FIRST_USER_ID = 64;

/** [GOB-8] Ids known without a definition. */
export const BASIC_IDS = {
  bool: 1,
  int: 2,
  uint: 3,
  float: 4,
  bytes: 5,
  string: 6,
  complex: 7,
  interface: 8,
} as const;

/** [GOB-10] The types of definitions, which travel as gob structs themselves. */
const BOOTSTRAP: readonly WireType[] = [
  struct(16, "wireType", {
    ArrayT: 17,
    SliceT: 19,
    StructT: 20,
    MapT: 23,
    GobEncoderT: 24,
    BinaryMarshalerT: 24,
    TextMarshalerT: 24,
  }),
  struct(17, "arrayType", { CommonType: 18, Elem: 2, Len: 2 }),
  struct(18, "CommonType", { Name: 6, Id: 2 }),
  struct(19, "sliceType", { CommonType: 18, Elem: 2 }),
  struct(20, "structType", { CommonType: 18, Field: 22 }),
  struct(21, "fieldType", { Name: 6, Id: 2 }),
  wireType({ kind: "slice", elem: 21 }, 22),
  struct(23, "mapType", { CommonType: 18, Key: 2, Elem: 2 }),
  struct(24, "gobEncoderType", { CommonType: 18 }),
];

function struct(id: number, name: string, fields: Readonly<Record<string, number>>): WireType {
  const list = Object.entries(fields).map(([field, type]) => ({ name: field, id: type }));
  return wireType({ name, kind: "struct", fields: list }, id);
}

/** The id of the type of definitions. */
export const WIRE_TYPE_ID = 16;
/** The id of the list of fields in the definition of a struct. */
export const FIELDS_ID = 22;

/** [GOB-8] The types that need no definition, by id. They are shared by all streams. */
export const BASIC_TYPES: ReadonlyMap<number, WireType> = new Map(
  Object.entries(BASIC_IDS)
    .map(([kind, id]) => wireType({ kind: kind as WireKind, name: kind }, id))
    .concat(BOOTSTRAP)
    // All streams share them from the start.
    .map((type) => [type.id, Object.assign(type, { settled: Number.MAX_SAFE_INTEGER - type.id })]),
);

/** The facts of a type that a definition tells. */
export type Definition = Partial<Omit<WireType, "id" | "compiled" | "settled">>;

/** A type for which nothing has been compiled. Facts that the definition leaves out are 0 or empty. */
export function wireType(of: Definition, id: number): WireType {
  const { kind = "none", name = "", elem = 0, key = 0, length = 0, fields = [], shape = 0 } = of;
  return { id, kind, name, elem, key, length, fields, shape, settled: 0, compiled: undefined };
}
