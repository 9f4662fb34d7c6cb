/** Decoders of interfaces of known types [GOB-51]. */
import { COST } from "../../bytes/cost.js";
import type { KnownTypes } from "../../schema/known.js";
import { failNilInterface } from "../../schema/known-types.js";
import type { RegisteredType } from "../../schema/registered.js";
import { at, fail } from "../failure.js";
import { declaredName } from "../type/go-name.js";
import type { CompileTop } from "./decode-interface.js";
import type { DecodeState } from "./decode-state.js";
import { readInterfaceName, readInterfaceType, readSingleton } from "./interface-header.js";
import type { Read } from "./value-decoder.js";

/**
 * Reads what `registered` and `oneOf` send. The names are those of the schema, and the stream's registry is asked
 * only for the right words of a refusal.
 */
export function knownTypesReader(schema: KnownTypes, compileTop: CompileTop): Read {
  const byName = typesByName(schema);
  const isTagged = schema.form === "oneOf";
  return (r) => {
    const name = readInterfaceName(r);
    if (name === "") return schema.optional === true ? undefined : failNilInterface(schema);
    const type = byName.get(name) ?? refuse(r, name, schema);
    const wire = readInterfaceType(r);
    // As in `interfaceReader`: nothing depends on the byte count.
    r.uint();
    readSingleton(r, wire);
    r.enter();
    try {
      const { decoder, cost } = compileTop(r, type.schema, wire);
      r.charge(isTagged ? cost + COST.struct : cost);
      const value = decoder.read(r, undefined);
      r.depth--;
      return isTagged ? { name: type.name, value } : value;
    } catch (error) {
      throw at(error, `.(${name})`);
    }
  };
}

function typesByName({ types }: KnownTypes): ReadonlyMap<string, RegisteredType> {
  const byName = new Map<string, RegisteredType>();
  for (const type of types) for (const alias of type.aliases) byName.set(alias, type);
  for (const type of types) byName.set(type.name, type);
  return byName;
}

/**
 * Go's words for a type that it does not know, for one that is not assignable to the interface's type, and for one that
 * fails a type assertion: to `interface {}` all types are assignable.
 */
function refuse(r: DecodeState, name: string, of: KnownTypes): never {
  const wanted = of.types.map((type) => localName(type.name)).join(" or ");
  const type = localName(name);
  const text = !r.registry.isKnown(name)
    ? `name not registered for interface: ${JSON.stringify(name)} (want ${wanted})`
    : of.go === ""
      ? `interface conversion: interface {} is ${type}, not ${wanted}`
      : `${type} is not assignable to type ${of.go} (want ${wanted})`;
  return fail("type-mismatch", `gob: ${text}`, {
    isGoText: true,
    typeName: wanted,
    offset: r.offset,
    got: name,
    reason: "other-type",
  });
}

/** How Go prints the type of a registered name: `*p.T1` as it is, `example.com/full/p.T1` as `p.T1`. */
function localName(name: string): string {
  const stars = name.length - name.replace(/^\*+/, "").length;
  return name.slice(0, stars) + (declaredName(name) || name.slice(stars));
}
