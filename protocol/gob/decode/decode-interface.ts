/** Decoders of values behind Go interfaces, whose type is known only when they arrive. */
import { COST } from "../../bytes/cost.js";
import { type AnySchema, named, value as typedValue } from "../../schema/index.js";
import { at } from "../failure.js";
import { isUnnamed } from "../type/go-name.js";
import { wireSchema } from "../type/wire-schema.js";
import type { WireType } from "../type/wire-type.js";
import type { DecodeState } from "./decode-state.js";
import { readInterfaceName, readInterfaceType, readSingleton } from "./interface-header.js";
import type { Read, TopDecoder } from "./value-decoder.js";

/** The compiler, for whole values. It is handed in, because it needs this file itself. */
type CompileTop = (r: DecodeState, schema: AnySchema, wire: WireType) => TopDecoder;

/** [GOB-25] A Go interface: nil, or a value that brings its registered name and its type. */
export function interfaceReader(form: "plain" | "dynamic", compileTop: CompileTop): Read {
  return (r) => {
    const name = readInterfaceName(r);
    if (name === "") return null;
    const wire = readInterfaceType(r);
    // The byte count of the value. It is wrong where definitions follow inside, so nothing depends on it.
    r.uint();
    readSingleton(r, wire);
    r.enter();
    try {
      const value = decodeNamed(r, name, wire, form, compileTop);
      r.depth--;
      return value;
    } catch (error) {
      throw at(error, `.(${name})`);
    }
  };
}

/** [GOB-28] The schema is the one registered by this name, or else made from the peer's type. */
function decodeNamed(
  r: DecodeState,
  name: string,
  wire: WireType,
  form: "plain" | "dynamic",
  compileTop: CompileTop,
): unknown {
  const registered = r.registry.schemaOf(name, form);
  const isPlain = form === "plain" && (registered !== undefined || isUnnamed(name));
  const schema = registered ?? wireSchema(r.types, wire, isPlain ? "plain" : "dynamic");
  const { decoder, cost } = compileTop(r, schema, wire);
  r.charge(isPlain ? cost : cost + COST.dynamic);
  const value = decoder.read(r, undefined);
  return isPlain ? value : typedValue(named(name, schema), value as never);
}
