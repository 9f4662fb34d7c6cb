import type { AnySchema } from "../../schema/index.js";
import { publicly } from "../failure.js";
import { wireName } from "./go-name.js";
import { type GoType, goType } from "./go-type.js";

/**
 * A schema as Go source: the declarations of all types in it that Go has to declare, the outermost
 * first, or the type itself where there are none (`[]int`). What marshalers are called in Go is
 * taken as known. Embedded structs and tags are not in a schema.
 *
 * @throws CodecError `bad-value` for what is not a schema.
 */
export const describe = (schema: AnySchema): string => publicly(() => declarationsOf(schema));

function declarationsOf(schema: AnySchema): string {
  const names = new Map<GoType, string>();
  const declarations: string[] = [];
  const refer = (type: GoType): string => {
    if (!needsDeclaration(type)) return spellOut(type);
    const known = names.get(type);
    if (known !== undefined) return known;
    const name = uniqueName(type, [...names.values()]);
    names.set(type, name);
    // Reserved first, so that a declaration stands before those it needs.
    const index = declarations.push("") - 1;
    declarations[index] = `type ${name} ${spellOut(type)}\n`;
    return name;
  };
  const spellOut = (type: GoType): string => {
    if (isImported(type)) return type.name;
    const elem = () => (type.elem === undefined ? "" : refer(type.elem));
    switch (type.kind) {
      case "struct":
        return structBody(type, refer);
      case "pointer":
        return `*${elem()}`;
      case "slice":
        return `[]${elem()}`;
      case "array":
        return `[${type.length}]${elem()}`;
      case "map":
        return `map[${type.key === undefined ? "" : refer(type.key)}]${elem()}`;
      case "bytes":
        return "[]byte";
      case "interface":
        return "any";
      case "marshaler":
        return type.name;
      default:
        return type.basic;
    }
  };
  const root = refer(goType(schema));
  return declarations.length === 0 ? root : declarations.join("\n");
}

/** Packages whose types Go programs import instead of declaring them. */
const IMPORTED: ReadonlySet<string> = new Set(["big", "json", "net", "plugin", "time", "url"]);

const isImported = (type: GoType): boolean =>
  type.name.includes(".") && IMPORTED.has(type.name.slice(0, type.name.indexOf(".")));

/** Structs, except Go's `struct{}`, and whatever has a name other than its kind's. */
function needsDeclaration(type: GoType): boolean {
  if (type.kind === "marshaler" || isImported(type)) return false;
  if (type.kind === "struct") return type.name !== "" || type.fields.length > 0;
  return type.name !== "" && type.name !== type.basic;
}

function structBody(type: GoType, refer: (type: GoType) => string): string {
  if (type.fields.length === 0) return "struct{}";
  const width = Math.max(...type.fields.map(({ name }) => name.length));
  const fields = type.fields.map(({ name, type: of }) => `\t${name.padEnd(width)} ${refer(of)}\n`);
  return `struct {\n${fields.join("")}}`;
}

function uniqueName(type: GoType, taken: readonly string[]): string {
  const wanted = wireName(type.name) || "Anonymous";
  let name = wanted;
  for (let n = 2; taken.includes(name); n++) name = `${wanted}${n}`;
  return name;
}
