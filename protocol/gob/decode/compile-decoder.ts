import type { AnySchema } from "../../schema/index.js";
import { type BareSchema, bare, type KnownSlice } from "../../schema/known.js";
import { goType } from "../type/go-type.js";
import type { TypeTable } from "../type/type-table.js";
import type { WireType } from "../type/wire-type.js";
import {
  arrayReader,
  byteArrayReader,
  codecReader,
  mapReader,
  marshalerReader,
  sliceReader,
} from "./decode-composite.js";
import { interfaceReader } from "./decode-interface.js";
import { scalarReader } from "./decode-scalar.js";
import { structDecoder } from "./decode-struct.js";
import type { MessageReader } from "./message-reader.js";
import { failField, failTop, refuseNoMatch } from "./mismatch.js";
import { canSplit } from "./split.js";

/** Reads one value. What can be merged into `into` is, unless that is undefined [GOB-24]. */
export type Read = (r: MessageReader, into: unknown) => unknown;

/**
 * How the values of one wire type become those of one schema. An object, so that a recursive type can
 * refer to what is not complete yet, and so that a faster way can take the place of the first one.
 */
export interface ValueDecoder {
  read: Read;
}

/** The decoder of a whole value. */
export interface TopDecoder {
  readonly decoder: ValueDecoder;
  /** Codecs run, and the value may come in parts: it has to be complete before it is decoded. */
  readonly waits: boolean;
}

/** Thrown where a schema and a wire type do not fit; the next struct field, or the top, says so. */
const INCOMPATIBLE: unique symbol = Symbol("gob.incompatible");

/**
 * [GOB-21] The decoder of a schema for values of one wire type, made once and before any data is
 * looked at: a mismatch is found even where no value is present.
 *
 * @param pointer - what Go would decode into: `*` for a pointer at the top, empty in an interface.
 */
export function compileDecoder(
  r: MessageReader,
  schema: AnySchema,
  wire: WireType | undefined,
  pointer: "*" | "",
): TopDecoder {
  const known = wire?.tops.get(schema);
  if (known !== undefined) return known;
  const compiler = new Compiler(r.types);
  try {
    const decoder = compiler.compile(schema, wire);
    if (wire === undefined) return incompatible();
    refuseNoMatch(schema, wire);
    const top = { decoder, waits: r.registry.runsCodecs(schema) && canSplit(r.types, wire) };
    wire.tops.set(schema, top);
    return top;
  } catch (error) {
    compiler.discard();
    if (error !== INCOMPATIBLE) throw error;
    return failTop(r, schema, wire, pointer);
  }
}

const compileInner = (r: MessageReader, schema: AnySchema, wire: WireType): ValueDecoder =>
  compileDecoder(r, schema, wire, "").decoder;

class Compiler {
  readonly #types: TypeTable;
  /** What was made on the way. If one part fails, those that refer to it must go, too. */
  readonly #made: { readonly wire: WireType; readonly schema: AnySchema }[] = [];

  constructor(types: TypeTable) {
    this.#types = types;
  }

  discard(): void {
    for (const { wire, schema } of this.#made) wire.compiled.delete(schema);
  }

  compile(of: AnySchema, wire: WireType | undefined): ValueDecoder {
    if (wire === undefined) return incompatible();
    const schema = target(of);
    const known = wire.compiled.get(schema);
    if (known !== undefined) return known;
    const decoder = {} as ValueDecoder;
    wire.compiled.set(schema, decoder);
    this.#made.push({ wire, schema });
    this.#fill(decoder, schema, wire);
    return decoder;
  }

  #fill(decoder: ValueDecoder, schema: BareSchema, wire: WireType): void {
    if (schema.kind === "struct") {
      if (wire.kind !== "struct") incompatible();
      structDecoder(decoder, schema, wire, (of, name, id) => this.#field(wire, of, name, id));
    } else decoder.read = this.#reader(schema, wire);
  }

  #reader(schema: BareSchema, wire: WireType): Read {
    switch (schema.kind) {
      case "bool":
      case "int":
      case "uint":
      case "float":
      case "complex":
      case "string":
      case "bytes":
        return wire.kind === schema.kind ? scalarReader(schema) : incompatible();
      case "rawString":
        return wire.kind === "string" ? scalarReader(schema) : incompatible();
      case "interface":
        if (wire.kind !== "interface") return incompatible();
        return interfaceReader(schema.form, compileInner);
      case "slice":
        return this.#slice(schema, wire);
      case "array":
        if (wire.kind !== "array" || wire.length !== schema.length) return incompatible();
        return arrayReader(schema, this.#part(schema.elem, wire.elem));
      case "map": {
        if (wire.kind !== "map") return incompatible();
        const key = this.#part(schema.key, wire.key);
        return mapReader(schema, key, this.#part(schema.elem, wire.elem));
      }
      case "codec":
        return codecReader(schema, this.compile(schema.wire, wire));
      case "marshaler":
        return wire.kind === schema.form ? marshalerReader(schema) : incompatible();
      default:
        return incompatible();
    }
  }

  #slice(schema: KnownSlice, wire: WireType): Read {
    if (goType(schema).kind === "bytes") {
      return wire.kind === "bytes" ? byteArrayReader : incompatible();
    }
    if (wire.kind !== "slice") return incompatible();
    return sliceReader(target(schema.elem), this.#part(schema.elem, wire.elem));
  }

  #part(schema: AnySchema, id: number): ValueDecoder {
    return this.compile(schema, this.#types.get(id));
  }

  /** [GOB-23] A field with a known name has to fit, even where it is absent. */
  #field(struct: WireType, schema: AnySchema, name: string, id: number): ValueDecoder {
    try {
      return this.#part(schema, id);
    } catch (error) {
      if (error !== INCOMPATIBLE) throw error;
      return failField(struct, schema, name, this.#types.get(id));
    }
  }
}

/** The schema that decides: pointers and names are not on the wire. */
function target(schema: AnySchema): BareSchema {
  let known = bare(schema);
  while (known.kind === "optional") known = bare(known.elem);
  return known;
}

function incompatible(): never {
  throw INCOMPATIBLE;
}
