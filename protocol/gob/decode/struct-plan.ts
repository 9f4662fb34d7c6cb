import { COST } from "../../bytes/cost.js";
import type { StructField } from "../../schema/fields.js";
import { at, fail } from "../failure.js";
import type { ValueDecoder } from "./compile-decoder.js";
import type { MessageReader } from "./message-reader.js";
import type { Zero } from "./zero.js";

/** What a field of the peer's struct means here. */
export interface Step {
  readonly name: string;
  readonly id: number;
  /** Undefined for a field that the schema lacks. */
  readonly field: StructField | undefined;
  readonly decoder: ValueDecoder | undefined;
  /** Makes the zero where the field is left out; undefined where the new object has it already. */
  readonly zero: Zero | undefined;
}

/** A key of a new object: its zero, or undefined where that is made later, see {@link Step.zero}. */
export interface NewKey {
  readonly field: StructField;
  readonly zero: Zero | undefined;
}

/** A schema and a peer's struct, matched field by field. */
export interface StructPlan {
  readonly steps: readonly Step[];
  /** In the schema's order; optional keys are missing. */
  readonly keys: readonly NewKey[];
}

/** [GOB-33] Absent fields are made, too. */
export const structCost = ({ keys }: StructPlan): number => COST.struct + COST.field * keys.length;

/** What to throw on for an error in the peer's field number `field`. */
export const atField = (error: unknown, steps: readonly Step[], field: number): unknown =>
  at(error, `.${steps[field]?.name ?? `field ${field}`}`);

/** [GOB-30] Reads past a field that nobody wants. */
export function skipField(r: MessageReader, id: number): void {
  const type = r.types.get(id);
  if (type === undefined) {
    const text = `gob: bad data: undefined type ${id}`;
    fail("corrupt", text, { offset: r.offset, isGoText: true });
  }
  if (type.kind === "string") r.skipBytes("string");
  else r.skip(type);
}
