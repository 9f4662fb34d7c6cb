import { bare, type KnownSchema, type KnownStruct } from "../gob/known-schema.js";
import type { AnySchema } from "../schema/index.js";
import { refuse } from "./mismatch.js";

export type {
  KnownArray,
  KnownMap,
  KnownMarshaler,
  KnownOptional,
  KnownSlice,
} from "../gob/known-schema.js";
export { bare, type KnownSchema, type KnownStruct };

export interface PlainField {
  /** The key in TypeScript. */
  readonly key: string;
  /** The name on the wire. */
  readonly name: string;
  readonly schema: AnySchema;
  /** The key may be missing. */
  readonly isOptional: boolean;
}

/** The fields of a struct under their names on the wire, which tags may have set to anything. */
export function plainFields(schema: KnownStruct): readonly PlainField[] {
  const fields = Object.keys(schema.fields).map((key): PlainField => {
    const of = schema.fields[key] as KnownSchema;
    const [name, inner] = of.kind === "field" ? [of.go, of.schema] : [key, of];
    return { key, name, schema: inner, isOptional: isOptional(inner) };
  });
  if (new Set(fields.map(({ name }) => name)).size < fields.length) {
    refuse("bad-value", `struct ${schema.name} has two fields of one name`);
  }
  return fields;
}

const isOptional = (schema: AnySchema & { optional?: boolean; schema?: AnySchema }): boolean =>
  schema.optional === true || (schema.schema !== undefined && isOptional(schema.schema));

/** Go's `[]byte` and `[N]byte`: a uint8 as element. */
export function isByte(elem: AnySchema): boolean {
  const schema = bare(elem);
  return schema.kind === "uint" && schema.bits === 8;
}

/** What a struct is called in a path; other types go without. */
export const rootName = (schema: AnySchema): string => {
  const known = bare(schema);
  return known.kind === "struct" ? known.name : "";
};

/** The whole numbers of a type. Past 2^53-1 a number is not exact, so 64 bits are cut there. */
export function numberRange(kind: "int" | "uint", bits: number): readonly [number, number] {
  if (kind === "uint") return [0, bits === 64 ? Number.MAX_SAFE_INTEGER : 2 ** bits - 1];
  if (bits === 64) return [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  return [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

export function bigRange(kind: "int" | "uint", bits: number): readonly [bigint, bigint] {
  const size = BigInt(bits);
  return kind === "uint" ? [0n, 2n ** size - 1n] : [-(2n ** (size - 1n)), 2n ** (size - 1n) - 1n];
}
