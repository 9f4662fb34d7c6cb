/** Go source for the types that a peer has defined. */
import type { TypeTable } from "./type-table.js";
import type { WireType } from "./wire-type.js";

/** How deep an unnamed type is spelled out. It may contain itself. */
const MAX_DEPTH = 20;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * The types that a peer has defined, as Go source. Widths are not on the wire: `int` stands for every signed
 * type, `uint` for every unsigned one, `float64` and `complex128` for both widths. Pointers do not show.
 */
export function describeWireTypes(types: TypeTable): string {
  const names = identifiers(types.definitions);
  const spell = (id: number, depth = 0): string => {
    const name = names.get(id);
    if (name !== undefined) return name;
    const type = types.get(id);
    return type === undefined ? `/* undefined type ${id} */` : spellOut(type, depth);
  };
  const spellOut = (type: WireType, depth = 0): string => {
    if (depth > MAX_DEPTH) return "…";
    const part = (id: number) => spell(id, depth + 1);
    switch (type.kind) {
      case "array":
        return `[${type.length}]${part(type.elem)}`;
      case "slice":
        return `[]${part(type.elem)}`;
      case "map":
        return `map[${part(type.key)}]${part(type.elem)}`;
      case "struct":
        return structBody(type, (id) => spell(id, depth + 1));
      default:
        return BASIC[type.kind] ?? type.kind;
    }
  };
  const lines: string[] = [];
  for (const type of types.definitions) {
    const name = names.get(type.id);
    lines.push(
      name === undefined
        ? `// ${type.id}: ${spellOut(type)}`
        : `${head(type, name)}${spellOut(type)}`,
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

const BASIC: Partial<Record<WireType["kind"], string>> = {
  float: "float64",
  complex: "complex128",
  bytes: "[]byte",
  interface: "any",
  gob: "struct{} // brings its own bytes: GobEncode",
  binary: "struct{} // brings its own bytes: MarshalBinary",
  text: "struct{} // brings its own bytes: MarshalText",
  none: "struct{} // defined without a kind",
};

const head = (type: WireType, name: string): string => `// ${type.id}\ntype ${name} `;

function structBody(type: WireType, spell: (id: number) => string): string {
  if (type.fields.length === 0) return "struct{}";
  const fields = type.fields.map(({ name, id }) => `\t${name} ${spell(id)}\n`);
  return `struct {\n${fields.join("")}}`;
}

/**
 * Names by type id, all different. Structs and marshalers without a name get one, because Go source can refer to
 * them only by name. Unnamed slices, arrays and maps are spelled out instead.
 */
function identifiers(definitions: Iterable<WireType>): Map<number, string> {
  const names = new Map<number, string>();
  const taken = new Set<string>();
  for (const type of definitions) {
    const isNamed = IDENTIFIER.test(type.name);
    if (!isNamed && ["slice", "array", "map"].includes(type.kind)) continue;
    const wanted = isNamed ? type.name : `Type${type.id}`;
    const name = taken.has(wanted) ? `${wanted}_${type.id}` : wanted;
    taken.add(name);
    names.set(type.id, name);
  }
  return names;
}
