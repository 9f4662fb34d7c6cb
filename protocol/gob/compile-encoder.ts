import type { AnySchema } from "../schema/index.js";
import { interfaceEncoder } from "./encode-interface.js";
import { scalarEncoder } from "./encode-scalar.js";
import type { EncodeState } from "./encode-state.js";
import { at, fail, shapeOf } from "./failure.js";
import { spell } from "./go-name.js";
import { failUnknown, goType } from "./go-type.js";
import {
  bare,
  type KnownArray,
  type KnownCodec,
  type KnownMap,
  type KnownMarshaler,
  type KnownOptional,
  type KnownSchema,
  type KnownSlice,
  type KnownStruct,
  resolveLazy,
  structFields,
} from "./known-schema.js";

/** How the values of one schema become bytes. */
export interface ValueEncoder {
  /** Writes a value where it has to stand: zeros, too. */
  write(e: EncodeState, value: unknown): void;
  /** [GOB-15] Writes a struct field, unless it is left out; `delta` leads from the field before. */
  writeField(e: EncodeState, value: unknown, delta: number): boolean;
}

const compiled = new WeakMap<AnySchema, ValueEncoder>();

/** The encoder of a schema, made once. */
export function compileEncoder(schema: AnySchema): ValueEncoder {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  // Known before it is complete: a recursive schema meets itself, and looks the methods up later.
  const encoder = { write: unready, writeField: unready } as ValueEncoder;
  compiled.set(schema, encoder);
  try {
    return Object.assign(encoder, compile(schema as KnownSchema));
  } catch (error) {
    compiled.delete(schema);
    throw error;
  }
}

const unready = (): never => fail("bad-value", "schema refers only to itself");

function compile(schema: KnownSchema): ValueEncoder {
  switch (schema.kind) {
    case "bool":
    case "int":
    case "uint":
    case "float":
    case "complex":
    case "string":
    case "bytes":
      return scalarEncoder(schema);
    case "interface":
      return interfaceEncoder(compileEncoder);
    case "field":
    case "named":
      return forward(compileEncoder(schema.schema));
    case "lazy":
      return forward(compileEncoder(resolveLazy(schema)));
    case "optional":
      return optionalEncoder(schema);
    case "slice":
      return sliceEncoder(schema);
    case "array":
      return arrayEncoder(schema);
    case "map":
      return mapEncoder(schema);
    case "struct":
      return structEncoder(schema);
    case "codec":
      return codecEncoder(schema);
    case "marshaler":
      return marshalerEncoder(schema);
    default:
      return failUnknown(schema);
  }
}

/** The methods of `inner` are looked up when called: it may not be complete yet. */
const forward = (inner: ValueEncoder): ValueEncoder => ({
  write: (e, value) => inner.write(e, value),
  writeField: (e, value, delta) => inner.writeField(e, value, delta),
});

/** For kinds of which a field is always sent. */
const always = (write: ValueEncoder["write"]): ValueEncoder => ({
  write,
  writeField(e, value, delta) {
    e.uint(delta);
    write(e, value);
    return true;
  },
});

export const isNil = (value: unknown): boolean => value === undefined || value === null;

/** [GOB-15] A nil pointer leaves its field out, and has no form elsewhere. */
function optionalEncoder(schema: KnownOptional): ValueEncoder {
  const inner = compileEncoder(schema.elem);
  const target = bare(schema.elem);
  const isMarshaler = target.kind === "marshaler";
  const nil = isMarshaler ? target.nil : undefined;
  return {
    write(e, value) {
      if (!isNil(value)) inner.write(e, value);
      else if (nil !== undefined) e.blob(nil);
      else fail("bad-value", `nil element: cannot encode nil pointer of type ${spellOf(schema)}`);
    },
    writeField(e, value, delta) {
      if (isNil(value)) return false;
      // A pointer to a marshaler is sent even where it points to a zero.
      if (!isMarshaler) return inner.writeField(e, value, delta);
      e.uint(delta);
      inner.write(e, value);
      return true;
    },
  };
}

/** [GOB-18] A count and the elements; as a field it is left out when empty. */
function sliceEncoder(schema: KnownSlice): ValueEncoder {
  const elem = compileEncoder(schema.elem);
  const write = (e: EncodeState, value: unknown): void => {
    if (!Array.isArray(value)) failShape(schema, value);
    e.uint(value.length);
    writeElements(e, elem, value);
  };
  return {
    write,
    writeField(e, value, delta) {
      if (Array.isArray(value) && value.length === 0) return false;
      e.uint(delta);
      write(e, value);
      return true;
    },
  };
}

function arrayEncoder(schema: KnownArray): ValueEncoder {
  const elem = compileEncoder(schema.elem);
  return always((e, value) => {
    if (!Array.isArray(value)) return failShape(schema, value);
    if (value.length !== schema.length) {
      fail("bad-value", `want ${spellOf(schema)}, got ${value.length} elements`);
    }
    e.uint(value.length);
    writeElements(e, elem, value);
  });
}

function writeElements(e: EncodeState, elem: ValueEncoder, values: readonly unknown[]): void {
  let i = 0;
  e.enter();
  try {
    for (; i < values.length; i++) elem.write(e, values[i]);
  } catch (error) {
    throw at(error, `[${i}]`);
  }
  e.depth--;
}

/** [GOB-19] A count, then keys and elements in turn. An empty map is not a nil one, so it is sent. */
function mapEncoder(schema: KnownMap): ValueEncoder {
  const keys = compileEncoder(schema.key);
  const elems = compileEncoder(schema.elem);
  const entriesOf = schema.form === "map" ? mapEntries : recordEntries;
  return always((e, value) => {
    const entries = entriesOf(value);
    if (entries === undefined) return failShape(schema, value);
    e.uint(entries.size);
    e.enter();
    for (const [key, elem] of entries) {
      try {
        keys.write(e, key);
        elems.write(e, elem);
      } catch (error) {
        throw at(error, `[${keyText(key)}]`);
      }
    }
    e.depth--;
  });
}

const mapEntries = (value: unknown): ReadonlyMap<unknown, unknown> | undefined =>
  value instanceof Map ? value : undefined;

function recordEntries(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return value instanceof Map ? undefined : new Map(Object.entries(value));
}

export function keyText(key: unknown): string {
  if (typeof key === "string")
    return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
  return typeof key === "object" ? "key" : String(key);
}

/** [GOB-13] Pairs of a delta and a value for the fields that are sent, and a 0. */
function structEncoder(schema: KnownStruct): ValueEncoder {
  if (schema.empty === true) return always((e) => e.byte(0));
  const fields = structFields(schema);
  const encoders = fields.map((field) => compileEncoder(field.schema));
  const read = fields.map(({ key }) => key);
  // What every object inherits is not a value somebody passed.
  const isInherited = read.map((key) => key in Object.prototype);
  const count = fields.length;
  return always((e, value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return failShape(schema, value);
    }
    e.enter();
    let last = -1;
    let i = 0;
    try {
      for (; i < count; i++) {
        const key = read[i] as string;
        const of =
          isInherited[i] && !Object.hasOwn(value, key) ? undefined : Reflect.get(value, key);
        if ((encoders[i] as ValueEncoder).writeField(e, of, i - last)) last = i;
      }
    } catch (error) {
      throw at(error, `.${fields[i]?.go}`);
    }
    e.depth--;
    e.byte(0);
  });
}

function codecEncoder(schema: KnownCodec): ValueEncoder {
  const wire = compileEncoder(schema.wire);
  return {
    write: (e, value) => wire.write(e, schema.encode(value, e.context)),
    writeField(e, value, delta) {
      if (value === undefined && isOptionalCodec(schema)) return false;
      return wire.writeField(e, schema.encode(value, e.context), delta);
    },
  };
}

const isOptionalCodec = (schema: KnownCodec & { optional?: boolean }) => schema.optional === true;

/** [GOB-16] A byte count and the bytes that the type brings. */
function marshalerEncoder(schema: KnownMarshaler): ValueEncoder {
  const write = (e: EncodeState, value: unknown): void => {
    const bytes = marshal(schema, value);
    if (!ArrayBuffer.isView(bytes)) fail("codec-failed", `${schema.name} did not encode to bytes`);
    e.blob(bytes);
  };
  return {
    write,
    writeField(e, value, delta) {
      if (!isNil(value) && isZero(schema, value)) return false;
      e.uint(delta);
      write(e, value);
      return true;
    },
  };
}

function marshal(schema: KnownMarshaler, value: unknown): Uint8Array {
  if (isNil(value)) return failShape(schema, value);
  return schema.encode(value);
}

function isZero(schema: KnownMarshaler, value: unknown): boolean {
  return schema.isZero?.(value) === true;
}

const spellOf = (schema: AnySchema): string => spell(goType(schema));

export function failShape(schema: AnySchema, value: unknown): never {
  const typeName = spellOf(schema);
  return fail("bad-value", `want ${typeName}, got ${shapeOf(value)}`, { typeName });
}
