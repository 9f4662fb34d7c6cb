/** Decoders of values behind Go interfaces, whose type is known only when they arrive. */
import { COST } from "../../bytes/cost.js";
import { type AnySchema, named } from "../../schema/index.js";
import { dynamicValue } from "../../schema/interface.js";
import { isFoundType } from "../../schema/js-type.js";
import { setOrigin } from "../../schema/origin.js";
import { at } from "../failure.js";
import { isUnnamed } from "../type/go-name.js";
import { wireSchema } from "../type/wire-schema.js";
import type { WireType } from "../type/wire-type.js";
import type { DecodeState } from "./decode-state.js";
import { readInterfaceName, readInterfaceType, readSingleton } from "./interface-header.js";
import type { Read, TopDecoder } from "./value-decoder.js";

/** The compiler, for whole values. It is handed in, because it needs this file itself. */
export type CompileTop = (r: DecodeState, schema: AnySchema, wire: WireType) => TopDecoder;

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
  const known = r.registry.typeOf(name, form);
  const isPlain = form === "plain" && (known !== undefined || isUnnamed(name));
  const schema = known?.schema ?? wireSchema(r.types, wire, isPlain ? "plain" : "dynamic");
  const { decoder, cost } = compileTop(r, schema, wire);
  r.charge(isPlain ? cost : cost + COST.dynamic);
  const value = decoder.read(r, undefined);
  if (!isPlain) return dynamicValue(name, known?.named ?? named(name, schema), value);
  if (typeof value === "object" && value !== null && !(known?.isFound ?? isFoundType(name))) {
    if (known === undefined) r.charge(COST.dynamic);
    setOrigin(value, known?.named ?? named(name, schema));
  }
  return value;
}
