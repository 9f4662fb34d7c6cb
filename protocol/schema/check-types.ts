/** Refuses what an interface cannot hold, where `registered` or `oneOf` gets it. */
import { CodecError } from "../errors.js";
import { assertSchema } from "./check.js";
import type { AnySchema } from "./schema.js";

/** A type with its names. */
interface NamedType {
  readonly name: string;
  readonly schema: AnySchema;
  readonly aliases: readonly string[];
}

/**
 * Checks names and schemas. References are not followed, because what they refer to may not exist yet.
 *
 * @param place - the combinator.
 * @throws CodecError `bad-value`.
 */
export function assertTypes(types: readonly NamedType[], place: string): void {
  if (types.length === 0) refuse(`${place}: want at least one type`);
  const taken = new Map<string, string>();
  for (const { name, schema, aliases } of types) {
    assertSchema(schema, `${place} ${name}`);
    if (isInterface(schema)) {
      refuse(`${place} ${name}: an interface holds a value of a type, not of an interface`);
    }
    for (const of of [name, ...aliases]) {
      if (of === "") refuse(`${place}: a name is empty`);
      if ((taken.get(of) ?? name) !== name) refuse(`${place}: two types by the name ${quoted(of)}`);
      taken.set(of, name);
    }
  }
}

/** Each alias stands for a name that is there. A misspelt one would be dropped without a word. */
export function assertAliases(aliases: Readonly<Record<string, string>>, types: object): void {
  for (const [alias, name] of Object.entries(aliases)) {
    if (!Object.hasOwn(types, name)) {
      refuse(`oneOf: the alias ${quoted(alias)} stands for ${quoted(name)}, which is not there`);
    }
  }
}

function isInterface(schema: AnySchema): boolean {
  const known = schema as { readonly kind: string; readonly schema: AnySchema };
  return known.kind === "interface" || (known.kind === "named" && isInterface(known.schema));
}

const quoted = (name: string): string => JSON.stringify(name);

function refuse(text: string): never {
  throw new CodecError("bad-value", `gob: ${text}`);
}
