/** Which field of a struct a name selects, by Go's rule for embedded structs. */
import { fieldsOf, type StructField } from "./fields.js";
import { bare, type KnownStruct } from "./known.js";
import type { AnySchema } from "./schema.js";

/** A field that a name selects. */
export interface Selected {
  /** The embedded structs on the way to it, from the outside in. Empty for a field of the struct itself. */
  readonly through: readonly StructField[];
  /** The field. */
  readonly field: StructField;
  /** Another field of the name is equally deep. In Go the name selects neither. This is the first of them. */
  readonly isAmbiguous: boolean;
}

/** The struct that a field embeds, behind its pointers. Undefined if it embeds none. */
export function embeddedStruct({ isEmbedded, schema }: StructField): KnownStruct | undefined {
  if (!isEmbedded) return undefined;
  const target = belowPointers(schema);
  return target.kind === "struct" ? target : undefined;
}

function belowPointers(schema: AnySchema) {
  let target = bare(schema);
  for (let depth = 0; target.kind === "optional" && depth < 100; depth++)
    target = bare(target.elem);
  return target;
}

interface Level {
  readonly struct: KnownStruct;
  readonly through: readonly StructField[];
}

/** What each name selects: the field that is the least deep. A struct that embeds itself is looked at once. */
export function selectorsOf(root: KnownStruct): ReadonlyMap<string, Selected> {
  const found = new Map<string, Selected>();
  const seen = new Set<KnownStruct>();
  let level: Level[] = [{ struct: root, through: [] }];
  while (level.length > 0) {
    const names = new Map<string, Selected>();
    const next: Level[] = [];
    for (const { struct, through } of level) {
      for (const field of fieldsOf(struct)) {
        const first = names.get(field.go);
        names.set(
          field.go,
          first ? { ...first, isAmbiguous: true } : { through, field, isAmbiguous: false },
        );
        const inner = embeddedStruct(field);
        if (inner !== undefined) next.push({ struct: inner, through: [...through, field] });
      }
    }
    for (const [name, of] of names) if (!found.has(name)) found.set(name, of);
    for (const { struct } of level) seen.add(struct);
    level = next.filter(({ struct }) => !seen.has(struct));
  }
  return found;
}
