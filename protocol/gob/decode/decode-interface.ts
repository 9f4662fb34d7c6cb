import { COST } from "../../bytes/cost.js";
import { type AnySchema, named, value as typedValue } from "../../schema/index.js";
import { at } from "../failure.js";
import { isUnnamed } from "../type/go-name.js";
import type { WireType } from "../type/wire-type.js";
import type { Read, ValueDecoder } from "./compile-decoder.js";
import { wireSchema } from "./dynamic.js";
import type { MessageReader } from "./message-reader.js";

/** Compiles for the top of a value; handed in, because compilers and interfaces need each other. */
type CompileTop = (r: MessageReader, schema: AnySchema, wire: WireType) => ValueDecoder;

/** [GOB-25] A Go interface: nil, or a value that brings the name and the type of what it is. */
export function interfaceReader(form: "plain" | "dynamic", compileTop: CompileTop): Read {
  return (r) => {
    const name = r.interfaceName();
    if (name === "") return null;
    const wire = r.interfaceType();
    // The length is not the value's where definitions follow inside it, so nothing depends on it.
    r.uint();
    r.singleton(wire);
    r.enter();
    r.charge(COST.dynamic);
    try {
      const value = decodeNamed(r, name, wire, form, compileTop);
      r.depth--;
      return value;
    } catch (error) {
      throw at(error, `.(${name})`);
    }
  };
}

/** [GOB-28] A registered name decides about the schema; for others the peer's type has to do. */
function decodeNamed(
  r: MessageReader,
  name: string,
  wire: WireType,
  form: "plain" | "dynamic",
  compileTop: CompileTop,
): unknown {
  const registered = r.registry.schemaOf(name, form);
  const isPlain = form === "plain" && (registered !== undefined || isUnnamed(name));
  const schema = registered ?? wireSchema(r.types, wire, isPlain ? "plain" : "dynamic");
  const value = compileTop(r, schema, wire).read(r, undefined);
  return isPlain ? value : typedValue(named(name, schema), value as never);
}
