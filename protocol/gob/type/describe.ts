/** Go source for the types that a schema stands for. */
import type { AnySchema } from "../../schema/index.js";
import { publicly } from "../failure.js";
import { wireName } from "./go-name.js";
import { type GoType, goType } from "./go-type.js";

/**
 * A schema as Go source: declarations of all types in it that Go has to declare, the outermost first. A type that
 * needs no declaration is returned by itself: `[]int`. Marshalers are not declared, their names stand in
 * the fields. Tags are not part of a schema.
 *
 * @throws CodecError `bad-value` if `schema` is not a schema.
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
    // The place is taken before the parts are spelled, so that a declaration comes before those it needs.
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

/** Structs except `struct{}`, and all types with a declared name. */
function needsDeclaration(type: GoType): boolean {
  if (type.kind === "marshaler" || isImported(type)) return false;
  if (type.kind === "struct") return type.name !== "" || type.fields.length > 0;
  return type.name !== "" && type.name !== type.basic;
}

function structBody(type: GoType, refer: (type: GoType) => string): string {
  if (type.fields.length === 0) return "struct{}";
  const width = Math.max(...type.fields.map(({ name }) => name.length));
  const fields = type.fields.map(({ name, type: of, isEmbedded }) =>
    isEmbedded ? `\t${refer(of)}\n` : `\t${name.padEnd(width)} ${refer(of)}\n`,
  );
  return `struct {\n${fields.join("")}}`;
}

function uniqueName(type: GoType, taken: readonly string[]): string {
  const wanted = wireName(type.name) || "Anonymous";
  let name = wanted;
  for (let n = 2; taken.includes(name); n++) name = `${wanted}${n}`;
  return name;
}
