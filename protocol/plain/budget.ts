/** [NETRPC-18] The memory that a message takes: its parsed nodes, and the values that a schema makes of them. */
import { COST } from "../bytes/cost.js";
import { fail } from "../schema/failure.js";
import type { AnySchema } from "../schema/index.js";
import { bare } from "../schema/known.js";

/** What the message at hand may still take. The scanner counts nodes before they are made, and decoders the values. */
export class Budget {
  readonly #maxValueBytes: number;
  #charged = 0;

  /** @param maxValueBytes - for one message. */
  constructor(maxValueBytes: number) {
    this.#maxValueBytes = maxValueBytes;
  }

  /** A message begins. */
  reset(): void {
    this.#charged = 0;
  }

  /** Counts memory before it is taken, see `COST`. Throws a Failure `limit`. */
  charge(byteLength: number): void {
    this.#charged += byteLength;
    if (this.#charged <= this.#maxValueBytes) return;
    fail(
      "limit",
      `parts of the value take more than maxValueBytes ${this.#maxValueBytes} of memory`,
    );
  }
}

/** What a value takes beside its place. Composites and bytes count themselves when they are made, and are 0 here. */
export function partCost(of: AnySchema): number {
  const schema = bare(of);
  switch (schema.kind) {
    case "optional":
      return partCost(schema.elem);
    case "int":
    case "uint":
      return schema.as === "bigint" ? COST.text : COST.boxed;
    case "float":
      return COST.boxed;
    case "string":
      return COST.text;
    case "codec":
      return COST.struct + partCost(schema.wire);
    default:
      return 0;
  }
}
