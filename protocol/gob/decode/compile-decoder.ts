/**
 * Makes decoders. A schema and a wire type are matched part by part, once. Everything that depends on these two
 * alone is decided here and not while a value is read.
 */
import type { AnySchema } from "../../schema/index.js";
import type { BareSchema, KnownMap, KnownSlice } from "../../schema/known.js";
import { at } from "../failure.js";
import { canSplit } from "../type/can-split.js";
import { belowPointers, goType } from "../type/go-type.js";
import { settle } from "../type/known-graphs.js";
import type { WireType } from "../type/wire-type.js";
import {
  arrayReader,
  byteArrayReader,
  codecReader,
  marshalerReader,
  sliceReader,
} from "./decode-composite.js";
import { interfaceReader } from "./decode-interface.js";
import { knownTypesReader } from "./decode-known-types.js";
import { mapReader } from "./decode-map.js";
import { scalarReader } from "./decode-scalar.js";
import type { DecodeState } from "./decode-state.js";
import { structDecoder } from "./decode-struct.js";
import { checkFields } from "./field-mismatch.js";
import { partCost } from "./part-cost.js";
import { failStruct, failTop, refuseNoMatch, wrongField } from "./refuse-type.js";
import type { Read, TopDecoder, ValueDecoder } from "./value-decoder.js";

/**
 * Thrown where a schema and a wire type do not fit. The nearest struct field around, or the top, turns it into an
 * error with the types that the user knows.
 */
const INCOMPATIBLE: unique symbol = Symbol("gob.incompatible");

/**
 * [GOB-21] The decoder of a schema for whole values of one wire type. It is made at the first call, before any data is
 * read: a type that does not fit is refused even where no value of it is present.
 *
 * @param wire - undefined for a type id that was never defined.
 * @param pointer - how Go would write the target type, for the error text: `*` at the top, empty behind an interface.
 */
export function compileDecoder(
  r: DecodeState,
  schema: AnySchema,
  wire: WireType | undefined,
  pointer: "*" | "",
): TopDecoder {
  const { registry } = r;
  const known = r.tops.get(schema) as TopDecoder | undefined;
  if (known !== undefined && known.wire === wire && known.version === registry.version) {
    return known;
  }
  return makeDecoder(r, schema, wire === undefined ? undefined : settle(r.types, wire), pointer);
}

function makeDecoder(
  r: DecodeState,
  schema: AnySchema,
  wire: WireType | undefined,
  pointer: "*" | "",
): TopDecoder {
  const { registry } = r;
  const compiler = new Compiler(r);
  try {
    const decoder = compiler.compile(schema, wire);
    if (wire === undefined) return incompatible();
    refuseNoMatch(r, schema, wire);
    checkFields(r, schema, wire);
    const top: TopDecoder = {
      wire,
      decoder,
      waits: canSplit(r.types, wire) && registry.runsCodecs(schema),
      version: registry.version,
      cost: partCost(schema),
    };
    r.tops.set(schema, top);
    return top;
  } catch (error) {
    compiler.discard();
    if (error !== INCOMPATIBLE) throw error;
    return failTop(r, schema, wire, pointer);
  }
}

/** The decoder of a value behind an interface. Its type is known only when the value is read. */
const compileInner = (r: DecodeState, schema: AnySchema, wire: WireType): TopDecoder =>
  compileDecoder(r, schema, wire, "");

const MARSHALERS: ReadonlySet<string> = new Set(["gob", "binary", "text"]);

/** One run of the compiler, which makes the decoders of all parts or keeps none. */
class Compiler {
  readonly #r: DecodeState;
  /** The decoders made in this run. If one fails, others that refer to it may be complete, and must go as well. */
  readonly #made: { readonly wire: WireType; readonly schema: AnySchema }[] = [];

  constructor(r: DecodeState) {
    this.#r = r;
  }

  /** Forgets everything that was made in this run. */
  discard(): void {
    for (const { wire, schema } of this.#made) wire.compiled?.delete(schema);
  }

  /** The decoder of a schema for one wire type, anywhere in a value. */
  compile(of: AnySchema, wire: WireType | undefined): ValueDecoder {
    const schema = belowPointers(of);
    if (wire === undefined) return this.#refuse(schema, wire);
    wire.compiled ??= new WeakMap();
    const known = wire.compiled.get(schema);
    if (known !== undefined) return known as ValueDecoder;
    // Registered before its parts are compiled: a recursive type finds itself here, and refers to it.
    const decoder = {} as ValueDecoder;
    wire.compiled.set(schema, decoder);
    this.#made.push({ wire, schema });
    this.#fill(decoder, schema, wire);
    return decoder;
  }

  #fill(decoder: ValueDecoder, schema: BareSchema, wire: WireType): void {
    if (schema.kind === "struct") {
      if (wire.kind !== "struct") this.#refuse(schema, wire);
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
        return "types" in schema
          ? knownTypesReader(schema, compileInner)
          : interfaceReader(schema.form, compileInner);
      case "slice":
        return this.#slice(schema, wire);
      case "array":
        if (wire.kind !== "array" || wire.length !== schema.length) return incompatible();
        return arrayReader(schema, this.#part(schema.elem, wire.elem, "[]"));
      case "map": {
        if (wire.kind !== "map") return incompatible();
        const [key, elem] = this.#entry(schema, wire);
        return mapReader(schema, key, elem);
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
    return sliceReader(belowPointers(schema.elem), this.#part(schema.elem, wire.elem, "[]"));
  }

  /**
   * Go asks first whether the types of a field or of a whole value fit, and takes every struct for one that does. Then
   * it looks into the structs. A struct that is none is thus an error of its own, wherever it is. A marshaler is found
   * at the first look.
   */
  #refuse(schema: BareSchema, wire: WireType | undefined): never {
    if (schema.kind !== "struct" || (wire !== undefined && MARSHALERS.has(wire.kind))) {
      return incompatible();
    }
    return failStruct(this.#r, schema, wire);
  }

  /** @param place - of the part in the value around it, for the path. */
  #part(schema: AnySchema, id: number, place: string): ValueDecoder {
    try {
      return this.compile(schema, this.#r.types.get(id));
    } catch (error) {
      throw error === INCOMPATIBLE ? error : at(error, place);
    }
  }

  /** A key or an element that does not fit at the first look comes before a struct that is none. */
  #entry(schema: KnownMap, wire: WireType): readonly [key: ValueDecoder, elem: ValueDecoder] {
    let failure: unknown;
    const part = (of: AnySchema, id: number, place: string): ValueDecoder | undefined => {
      try {
        return this.#part(of, id, place);
      } catch (error) {
        if (error === INCOMPATIBLE) throw error;
        failure ??= error;
        return undefined;
      }
    };
    const key = part(schema.key, wire.key, "[key]");
    const elem = part(schema.elem, wire.elem, "[]");
    if (key === undefined || elem === undefined) throw failure;
    return [key, elem];
  }

  /** [GOB-23] A field that both sides have must fit, even where no value has it. */
  #field(struct: WireType, schema: AnySchema, name: string, id: number): ValueDecoder {
    try {
      return this.compile(schema, this.#r.types.get(id));
    } catch (error) {
      const isMismatch = error === INCOMPATIBLE;
      const wire = this.#r.types.get(id);
      const failure = isMismatch ? wrongField(this.#r, struct, schema, name, wire) : error;
      throw at(failure, `.${name}`);
    }
  }
}

function incompatible(): never {
  throw INCOMPATIBLE;
}
