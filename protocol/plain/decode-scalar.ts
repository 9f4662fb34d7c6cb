/** Scalars out of the formats without Go types. A node is checked against the schema's Go type. */
import { COST } from "../bytes/cost.js";
import { writeStrayBytes } from "../bytes/stray-bytes.js";
import { fail } from "../schema/failure.js";
import type { IntegerForm } from "../schema/index.js";
import type { KnownScalar } from "../schema/known.js";
import { markNil } from "../schema/nil.js";
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
        ? (r, node) => toFloat32(toFloat("float32", r, node))
        : (r, node) => toFloat("float64", r, node);
    case "string":
      return schema.isNumber === true
        ? (r, node) => (node === null ? "" : (r.numberText(node) ?? failNode("json.Number", node)))
        : (r, node) => (node === null ? "" : (r.text(node) ?? failNode("string", node)));
    case "rawString":
      return (r, node) => {
        r.budget.charge(COST.bytes);
        return node === null ? EMPTY() : writeStrayBytes(r.text(node) ?? failNode("string", node));
      };
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
  return (r, node) => {
    if (node === null) return as === "bigint" ? 0n : 0;
    const value = r.number(node) ?? failNode(go, node);
    if (typeof value === "number") {
      if (!Number.isInteger(value)) failNode(go, node);
      // A whole float may be past 2^53-1, where it is not exact. An integer there arrives as a bigint.
      if (value < min || value > max) failRange(go, value);
      return as === "bigint" ? BigInt(value) : value;
    }
    if (value < bigMin || value > bigMax) failRange(go, value);
    return inForm(value, as, go);
  };
}

function inForm(value: bigint, as: IntegerForm, go: string): number | bigint {
  if (as === "bigint") return value;
  const narrowed = narrow(value);
  return typeof narrowed === "number" || as === "safe" ? narrowed : failRange(go, value);
}

const toBool = (node: unknown): boolean =>
  typeof node === "boolean" ? node : failNode("bool", node);

function toFloat(go: string, r: PlainReader, node: unknown): number {
  return node === null ? 0 : Number(r.number(node) ?? failNode(go, node));
}

const EMPTY = () => new Uint8Array(0);

/** [NETRPC-32] The receiver's own copy. Go's JSON writes a `[N]byte` as a list of numbers. */
export function toBytes(r: PlainReader, node: unknown): Uint8Array {
  r.budget.charge(COST.bytes);
  if (node === null) return markNil(EMPTY());
  const blob = r.blob(node);
  if (blob !== undefined) return blob;
  if (!Array.isArray(node)) return failNode("[]uint8", node);
  return Uint8Array.from(node, (item) => byteOf(r.number(item)));
}

const byteOf = (node: unknown): number =>
  Number.isInteger(node) && (node as number) >= 0 && (node as number) <= 255
    ? (node as number)
    : failRange("uint8", node);

/** Throws that the peer sent a node of another kind than the schema's. */
export function failNode(typeName: string, node: unknown): never {
  const got = shapeOf(node);
  return fail("type-mismatch", `want ${typeName}, got ${got}`, { typeName, got, reason: "kind" });
}
