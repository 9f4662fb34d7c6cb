/**
 * Fields that only one side has [GOB-56]. Go passes over them without a word, so that types can change. But a misspelt
 * field of a schema looks the same: it is a zero in every value. What differs is found out once for a schema and a type of
 * the peer, and told by whoever wants to know.
 */
import type { StructField } from "../../schema/fields.js";
import type { AnySchema } from "../../schema/index.js";
import type { BareSchema, KnownStruct } from "../../schema/known.js";
import { type Selected, selectorsOf } from "../../schema/selectors.js";
import { fail } from "../failure.js";
import { belowPointers } from "../type/go-type.js";
import { isExported, structFields, valueFields } from "../type/struct-fields.js";
import type { TypeTable } from "../type/type-table.js";
import type { WireType } from "../type/wire-type.js";
import type { DecodeState } from "./decode-state.js";
import { type FieldMismatch, mismatchText, shown } from "./mismatch.js";

/** Tells what differs between a schema and a peer's type, in all of their parts, or refuses it. */
export function checkFields(r: DecodeState, schema: AnySchema, wire: WireType): void {
  const { strict = false, onMismatch, except } = r.mismatches;
  if ((!strict && onMismatch === undefined) || except?.includes(schema)) return;
  for (const mismatch of mismatchesIn(r.types, schema, wire)) {
    if (strict) refuse(r, mismatch);
    r.told ??= new WeakSet();
    if (r.told.has(mismatch)) continue;
    r.told.add(mismatch);
    onMismatch?.(mismatch);
  }
}

function refuse(r: DecodeState, mismatch: FieldMismatch): never {
  const { typeName, got } = mismatch;
  return fail("type-mismatch", mismatchText(mismatch), {
    typeName,
    got,
    reason: "fields",
    offset: r.offset,
  });
}

/** Of all pairs of structs that values of the two types contain, those that differ. */
function* mismatchesIn(types: TypeTable, of: AnySchema, top: WireType): Generator<FieldMismatch> {
  const pairs: [schema: AnySchema, wire: WireType | undefined][] = [[of, top]];
  const seen = new Map<WireType, Set<BareSchema>>();
  // The list grows while it is walked. Types may be nested deeper than calls can be.
  for (const [part, wire] of pairs) {
    const schema = belowPointers(part);
    if (wire === undefined || seen.get(wire)?.has(schema)) continue;
    seen.set(wire, (seen.get(wire) ?? new Set()).add(schema));
    if (schema.kind === "struct" && wire.kind === "struct" && schema.empty !== true) {
      const { mismatch, common } = comparedTo(wire, schema);
      if (mismatch !== undefined) yield mismatch;
      for (const [field, id] of common) pairs.push([field.schema, types.get(id)]);
    } else if (schema.kind === "slice" || schema.kind === "array") {
      pairs.push([schema.elem, types.get(wire.elem)]);
    } else if (schema.kind === "map") {
      pairs.push([schema.key, types.get(wire.key)], [schema.elem, types.get(wire.elem)]);
    } else if (schema.kind === "codec") pairs.push([schema.wire, wire]);
  }
}

/** Two structs, field by field. */
interface Comparison {
  readonly mismatch: FieldMismatch | undefined;
  /** The fields that both have, with the ids of the peer's types. */
  readonly common: readonly (readonly [field: StructField, id: number])[];
}

/** By the peer's type, which streams share. */
const comparisons = new WeakMap<WireType, WeakMap<KnownStruct, Comparison>>();

function comparedTo(wire: WireType, schema: KnownStruct): Comparison {
  let known = comparisons.get(wire);
  if (known === undefined) {
    known = new WeakMap();
    comparisons.set(wire, known);
  }
  let comparison = known.get(schema);
  if (comparison === undefined) {
    comparison = compare(wire, schema);
    known.set(schema, comparison);
  }
  return comparison;
}

function compare(wire: WireType, schema: KnownStruct): Comparison {
  const local = new Map(structFields(schema).map((field) => [field.go, field]));
  const selectors = selectorsOf(schema);
  const common: [StructField, number][] = [];
  const unknown: string[] = [];
  // [GOB-23] Of two fields with one name the last counts.
  for (const [name, id] of new Map(wire.fields.map((field) => [field.name, field.id]))) {
    const field = promoted(selectors.get(name), name) ?? local.get(name);
    if (field === undefined) unknown.push(shown(name));
    else common.push([field, id]);
  }
  const missing = missingFields(schema, selectors, new Set(wire.fields.map(({ name }) => name)));
  const isSame = unknown.length === 0 && missing.length === 0;
  const names = { typeName: schema.name || "struct", got: shown(wire.name || "struct") };
  return { mismatch: isSame ? undefined : { ...names, unknown, missing }, common };
}

/** [GOB-47] The field of an embedded struct that the name selects. */
const promoted = (selected: Selected | undefined, name: string): StructField | undefined =>
  selected !== undefined && !selected.isAmbiguous && selected.through.length > 0 && isExported(name)
    ? selected.field
    : undefined;

/** An embedded struct may be there as itself, or by its promoted fields, and then each of these counts. */
function missingFields(
  schema: KnownStruct,
  selectors: ReadonlyMap<string, Selected>,
  sent: ReadonlySet<string>,
): string[] {
  return valueFields(schema).flatMap((field) => {
    if (sent.has(field.go)) return [];
    if (!field.isEmbedded) return [field.go];
    const inner = [...selectors.values()].filter(
      ({ through, isAmbiguous, field: of }) =>
        through[0] === field && !isAmbiguous && !of.isEmbedded,
    );
    const absent = inner.map(({ field: of }) => of.go).filter((name) => !sent.has(name));
    return absent.length < inner.length || !isExported(field.go) ? absent : [field.go];
  });
}
