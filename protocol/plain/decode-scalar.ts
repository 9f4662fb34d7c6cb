/** Scalars out of the formats without Go types. A node is checked against the schema's Go type. */
import { fail } from "../schema/failure.js";
import type { IntegerForm } from "../schema/index.js";
import type { KnownScalar } from "../schema/known.js";
import { bigRange, failRange, narrow, numberRange, toFloat32 } from "../schema/numbers.js";
import { failKind, shapeOf } from "./failure.js";
import type { PlainReader } from "./format.js";

/**
 * Makes the value of a node. nil is `null` here, and so is a field that is missing: both become Go's zero.
 *
 * @param into - a value to merge into, which structs do.
 */
export type Read = (r: PlainReader, node: unknown, context: unknown, into?: unknown) => unknown;

/** The way to read the values of a scalar. */
export function scalarReader(schema: KnownScalar): Read {
  switch (schema.kind) {
    case "bool":
      return (_r, node) => (node === null ? false : toBool(node));
    case "int":
    case "uint":
      return integerReader(schema);
    case "float":
      return schema.bits === 32
        ? (_r, node) => toFloat32(toFloat("float32", node))
        : (_r, node) => toFloat("float64", node);
    case "string":
      return (r, node) => (node === null ? "" : (r.text(node) ?? failNode("string", node)));
    case "bytes":
      return toBytes;
    default:
      return failKind(schema.kind);
  }
}

/** The range is the Go type's, and the form the schema's: a node may be a number or a bigint for either. */
function integerReader(schema: KnownScalar & { kind: "int" | "uint" }): Read {
  const { go, as } = schema;
  const [min, max] = numberRange(schema);
  const [bigMin, bigMax] = bigRange(schema);
  return (_r, node) => {
    if (node === null) return as === "bigint" ? 0n : 0;
    if (typeof node === "number") {
      if (!Number.isInteger(node)) failNode(go, node);
      // A whole float may be past 2^53-1, where it is not exact. An integer there arrives as a bigint.
      if (node < min || node > max) failRange(go, node);
      return as === "bigint" ? BigInt(node) : node;
    }
    if (typeof node !== "bigint") return failNode(go, node);
    if (node < bigMin || node > bigMax) failRange(go, node);
    return inForm(node, as, go);
  };
}

function inForm(value: bigint, as: IntegerForm, go: string): number | bigint {
  if (as === "bigint") return value;
  const narrowed = narrow(value);
  return typeof narrowed === "number" || as === "safe" ? narrowed : failRange(go, value);
}

const toBool = (node: unknown): boolean =>
  typeof node === "boolean" ? node : failNode("bool", node);

function toFloat(go: string, node: unknown): number {
  if (node === null) return 0;
  return typeof node === "number" || typeof node === "bigint" ? Number(node) : failNode(go, node);
}

/** The receiver's own copy. Go's JSON writes a `[N]byte` as a list of numbers. */
export function toBytes(r: PlainReader, node: unknown): Uint8Array {
  if (node === null) return new Uint8Array(0);
  const blob = r.blob(node);
  if (blob !== undefined) return blob;
  return Array.isArray(node) ? Uint8Array.from(node, byteOf) : failNode("[]uint8", node);
}

const byteOf = (node: unknown): number =>
  Number.isInteger(node) && (node as number) >= 0 && (node as number) <= 255
    ? (node as number)
    : failRange("uint8", node);

/** Throws that the peer sent a node of another kind than the schema's. */
export function failNode(typeName: string, node: unknown): never {
  return fail("type-mismatch", `want ${typeName}, got ${shapeOf(node)}`, { typeName });
}
