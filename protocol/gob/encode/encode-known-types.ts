/** Encodes interfaces of known types [GOB-51], whose schema has the name to send. */
import { isObject, passedKey } from "../../schema/keys.js";
import type { KnownTypes } from "../../schema/known.js";
import { refuseLeftOut } from "../../schema/left-out.js";
import { fail, shapeOf } from "../failure.js";
import { type Named, type TopOf, writeTyped } from "./encode-interface.js";
import type { EncodeState } from "./encode-state.js";
import { isNil, unless, type ValueEncoder } from "./value-encoder.js";

/** The encoder of `registered` and `oneOf`. Only under `optional` undefined is nil. */
export function knownTypesEncoder(schema: KnownTypes, topOf: TopOf): ValueEncoder {
  const toNamed = schema.form === "registered" ? onlyType(schema) : chosenType(schema);
  if (schema.optional === true) {
    return unless(
      isNil,
      (e, value) => {
        if (isNil(value)) e.byte(0);
        else writeTyped(e, topOf, toNamed(value));
      },
      undefined,
    );
  }
  const write = (e: EncodeState, value: unknown): void => writeTyped(e, topOf, toNamed(value));
  return {
    write,
    writeField(e, value, delta) {
      if (value === undefined) refuseLeftOut(schema);
      e.uint(delta);
      write(e, value);
      return true;
    },
    writeZero: () => refuseLeftOut(schema),
  };
}

type ToNamed = (value: unknown) => Named;

function onlyType({ types }: KnownTypes): ToNamed {
  const [{ name, schema }] = types as [(typeof types)[0]];
  return (value) => ({ name, schema, value });
}

function chosenType({ types }: KnownTypes): ToNamed {
  const schemas = new Map(types.map(({ name, schema }) => [name, schema]));
  return (value) => {
    const name = isObject(value) ? passedKey(value, "name") : undefined;
    const schema = schemas.get(name as string);
    if (schema === undefined) return failChoice(schemas, value, name);
    return { name: name as string, schema, value: passedKey(value as object, "value") };
  };
}

function failChoice(schemas: ReadonlyMap<string, unknown>, value: unknown, name: unknown): never {
  const wanted = [...schemas.keys()].join(", ");
  const got = typeof name === "string" ? JSON.stringify(name) : shapeOf(value);
  return fail("bad-value", `want { name, value } with one of the names ${wanted}; got ${got}`);
}
