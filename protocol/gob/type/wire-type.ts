import type { AnySchema } from "../../schema/index.js";
import type { TopDecoder, ValueDecoder } from "../decode/compile-decoder.js";
import type { Reader } from "../decode/reader.js";
import { fail } from "../failure.js";

/** What a peer's type is; the last four are its marshalers and a definition that says nothing. */
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

export interface WireField {
  readonly name: string;
  readonly id: number;
}

/** A type as the peer described it. Other types appear by id and may be missing until used. */
export interface WireType {
  readonly id: number;
  readonly kind: WireKind;
  /** The declared name, for error texts only: two types can share one, and some have none. */
  readonly name: string;
  readonly elem: number;
  readonly key: number;
  readonly length: number;
  readonly fields: readonly WireField[];
  /** What was compiled for this type, by schema: anywhere, and for the top of a value. */
  readonly compiled: WeakMap<AnySchema, ValueDecoder>;
  readonly tops: WeakMap<AnySchema, TopDecoder>;
}

/** [GOB-8] The first id a definition may have. Go sends from 64, and up to 1.20 from 65. */
export const FIRST_USER_ID = 64;
export const INTERFACE_ID = 8;

/** [GOB-8] Ids known without a definition. */
export const BASIC_IDS = {
  bool: 1,
  int: 2,
  uint: 3,
  float: 4,
  bytes: 5,
  string: 6,
  complex: 7,
  interface: INTERFACE_ID,
} as const;

/** [GOB-10] The types that definitions are made of, which are gob structs like any other. */
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
  wireType({ id: 22, kind: "slice", elem: 21 }),
  struct(23, "mapType", { CommonType: 18, Key: 2, Elem: 2 }),
  struct(24, "gobEncoderType", { CommonType: 18 }),
];

function struct(id: number, name: string, fields: Readonly<Record<string, number>>): WireType {
  const list = Object.entries(fields).map(([field, type]) => ({ name: field, id: type }));
  return wireType({ id, name, kind: "struct", fields: list });
}

export const WIRE_TYPE_ID = 16;
/** The fields of a struct definition. */
export const FIELDS_ID = 22;

/** [GOB-8] What needs no definition. */
export const BASIC_TYPES: ReadonlyMap<number, WireType> = new Map(
  Object.entries(BASIC_IDS)
    .map(([kind, id]) => wireType({ id, kind: kind as WireKind, name: kind }))
    .concat(BOOTSTRAP)
    .map((type) => [type.id, type]),
);

type Definition = Partial<Omit<WireType, "compiled" | "tops">>;

export function wireType(of: Definition): WireType {
  return {
    id: 0,
    kind: "none",
    name: "",
    elem: 0,
    key: 0,
    length: 0,
    fields: [],
    ...of,
    compiled: new WeakMap(),
    tops: new WeakMap(),
  };
}

/** [GOB-10] The fields of a definition, in order. Exactly one is set. */
const KINDS: readonly WireKind[] = ["array", "slice", "struct", "map", "gob", "binary", "text"];

/** [GOB-10] Reads a definition of type `id`; what it says about its own id is ignored. */
export function readWireType(r: Reader, id: number, maxFields: number): WireType {
  let definition: WireType | undefined;
  eachField(r, KINDS.length, (field) => {
    if (definition !== undefined) {
      fail("corrupt", `definition of type ${id} has two kinds`, { offset: r.offset });
    }
    definition = wireType({ ...readBody(r, KINDS[field]!, maxFields), id });
  });
  return definition ?? wireType({ id });
}

function readBody(r: Reader, kind: WireKind, maxFields: number): Definition {
  let common = "";
  let fields: readonly WireField[] = [];
  const numbers = [0, 0];
  const fieldCount =
    kind === "array" || kind === "map" ? 3 : kind === "slice" || kind === "struct" ? 2 : 1;
  eachField(r, fieldCount, (field) => {
    if (field === 0) common = readNamed(r).name;
    else if (kind === "struct") fields = readFields(r, maxFields);
    else numbers[field - 1] = r.int();
  });
  const [first, second] = numbers as [number, number];
  if (kind === "map") return { kind, name: common, key: first, elem: second };
  return { kind, name: common, elem: first, length: second, fields };
}

function readFields(r: Reader, maxFields: number): WireField[] {
  const count = r.uint();
  if (count > maxFields) {
    fail("limit", `struct of ${count} fields is beyond maxFields (${maxFields})`, {
      offset: r.offset,
    });
  }
  const fields: WireField[] = [];
  for (let i = 0; i < count; i++) fields.push(readNamed(r));
  return fields;
}

/** CommonType and fieldType have the same form: a name and an id. */
function readNamed(r: Reader): WireField {
  let name = "";
  let id = 0;
  eachField(r, 2, (field) => {
    if (field === 0) name = r.string();
    else id = r.int();
  });
  return { name, id };
}

/** [GOB-13] Walks a struct of `count` fields: `read` is called for each one that is present. */
function eachField(r: Reader, count: number, read: (field: number) => void): void {
  let field = -1;
  for (;;) {
    const delta = r.uint();
    if (delta === 0) return;
    field += delta;
    if (field >= count) failOutOfBounds(r);
    read(field);
  }
}

export function failOutOfBounds(r: Reader): never {
  const text = "gob: bad data: field numbers out of bounds";
  fail("corrupt", text, { offset: r.offset, isGoText: true });
}
