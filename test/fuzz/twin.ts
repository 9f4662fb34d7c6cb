/** Schemas and values in TypeScript for the Go types and values that gob-fuzz describes: their twins. */
import { Registry } from "../../protocol/gob/index.js";
import {
  type AnySchema,
  any,
  array,
  dynamic,
  embedded,
  field,
  type IntegerForm,
  lazy,
  map,
  marshaler,
  named,
  optional,
  slice,
  struct,
  value as typedValue,
} from "../../protocol/schema/index.js";
import { dynamicValue } from "../../protocol/schema/interface.js";
import type { Random } from "../helpers/random.js";
import { entriesOf, list, OWN, pointer, records, scalar, type Twin } from "./twin-parts.js";

/** A Go type, as in spec/README.md; but the fields of a struct are pairs, as their order counts. */
export type Notation = string | { readonly [key: string]: unknown };

/** A type that is registered for interfaces. */
export interface Registration {
  readonly name: string;
  readonly type: Notation;
}

/** The choices that a schema leaves to the user. */
export interface Taste {
  /** The forms of 64-bit integers to choose from. */
  readonly integers: readonly IntegerForm[];
  /** What interfaces decode to: plain values, or values that can be encoded again. */
  readonly interfaces: "plain" | "dynamic";
  /** Makes the choices that change neither the bytes nor Go's names for types. Undefined: always the first choice. */
  readonly random: Random | undefined;
}

type Scope = ReadonlyMap<string, Twin>;

/** All twins of one decoder or encoder. They share a registry. */
export class Twins {
  readonly registry = new Registry();
  readonly #taste: Taste;
  readonly #registered = new Map<string, Twin>();

  constructor(registered: readonly Registration[], taste: Taste) {
    this.#taste = taste;
    for (const { name, type } of registered) {
      const twin = this.of(type);
      this.#registered.set(name, twin);
      this.registry.register(name, twin.schema);
    }
  }

  /** @param scope - the declared types around this one, to which it may refer. */
  of(type: Notation, scope: Scope = new Map()): Twin {
    if (typeof type === "string") return this.#predeclared(type);
    if ("ref" in type) return scope.get(type.ref as string) as Twin;
    const name = (type.struct ?? type.named ?? type.name ?? "") as string;
    if (name === "") return this.#composite(type, scope);
    let made: Twin;
    const self: Twin = {
      schema: lazy(() => made.schema),
      in: (value) => made.in(value),
      out: (value) => made.out(value),
    };
    made = this.#composite(type, new Map(scope).set(name, self));
    return made;
  }

  #composite(type: Exclude<Notation, string>, scope: Scope): Twin {
    const part = (of: unknown) => this.of(of as Notation, scope);
    if ("slice" in type) return list(slice, part(type.slice));
    if ("array" in type) {
      return list((elem) => array(type.length as number, elem), part(type.array));
    }
    if ("pointer" in type) return pointer(part(type.pointer));
    if ("named" in type) {
      const inner = part(type.type);
      return { ...inner, schema: named(type.named as string, inner.schema) };
    }
    if ("marshaler" in type) return this.#marshaler(type, part(type.underlying));
    if ("map" in type) return this.#map(type.map as [Notation, Notation], scope);
    return this.#struct(type, scope);
  }

  #map([keyType, elemType]: [Notation, Notation], scope: Scope): Twin {
    const elem = this.of(elemType, scope);
    if (keyType === "string" && this.#taste.random?.chance(4) === true) return records(elem);
    // Plain values can be equal where Go's are not: int8(1) and int16(1).
    const key = keyType === "interface" ? this.#dynamic() : this.of(keyType, scope);
    const convert = (face: "in" | "out") => (value: unknown) =>
      new Map(entriesOf(value).map(([k, v]) => [key[face](k), elem[face](v)]));
    return { schema: map(key.schema, elem.schema), in: convert("in"), out: convert("out") };
  }

  #struct(type: Exclude<Notation, string>, scope: Scope): Twin {
    const fields = (type.fields as [string, Notation, boolean][]).map(([go, of, isEmbedded]) => {
      const inner = isMap(of) ? this.#nilable(this.of(of, scope)) : this.of(of, scope);
      const twin = isEmbedded ? { ...inner, schema: embedded(inner.schema) } : inner;
      const isRenamed = this.#taste.random?.chance(6) === true;
      return { go, key: isRenamed ? `own${go}` : go, twin };
    });
    const schemas = fields.map(({ go, key, twin }) => [
      key,
      key === go ? twin.schema : field(go, twin.schema),
    ]);
    const convert = (face: "in" | "out") => (value: unknown) => {
      const from = (value as { struct: Record<string, unknown> }).struct;
      const parts = fields.map(({ go, key, twin }) => [key, twin[face](from[go])] as const);
      // A nil pointer or map is a missing key.
      return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
    };
    return {
      schema: struct(type.struct as string, Object.fromEntries(schemas)),
      in: convert("in"),
      out: convert("out"),
    };
  }

  /** Only in a struct field does Go tell a nil map from an empty one. */
  #nilable(twin: Twin): Twin {
    const nil =
      (convert: (value: unknown) => unknown) =>
      (value: unknown): unknown =>
        value === null ? undefined : convert(value);
    // A pointer would show in Go's name of the struct.
    if (this.#taste.random === undefined) return twin;
    return { schema: optional(twin.schema), in: nil(twin.in), out: nil(twin.out) };
  }

  #marshaler(type: Exclude<Notation, string>, underlying: Twin): Twin {
    const own = OWN[type.name as string];
    if (own !== undefined && this.#taste.random?.chance(3) !== true) {
      const convert = (value: unknown) => own.of((value as { text: string }).text);
      return { schema: own.schema, in: convert, out: convert };
    }
    const hex = (value: unknown) => (value as { marshaled: string }).marshaled;
    const schema = marshaler<string, string>({
      name: type.name as string,
      form: type.marshaler as "gob" | "binary",
      underlying: underlying.schema,
      encode: (of) => Buffer.from(of, "hex"),
      decode: (of) => Buffer.from(of).toString("hex"),
      zero: () => type.zero as string,
      ...(type.method === "pointer" ? {} : { isZero: (of: string) => of === type.zero }),
    });
    return { schema, in: hex, out: hex };
  }

  #predeclared(type: string): Twin {
    if (type === "interface") {
      return this.#taste.interfaces === "dynamic" ? this.#dynamic() : this.#any();
    }
    const { random, integers } = this.#taste;
    const form = random?.pick(integers) ?? (integers[0] as IntegerForm);
    return scalar(type, form);
  }

  #any(): Twin {
    return {
      schema: any(),
      in: (value) => this.#typed(value, "in", "plain"),
      out: (value) =>
        value && this.#behind(value as Dynamic, "plain").out((value as Dynamic).value),
    };
  }

  #dynamic(): Twin {
    return {
      schema: dynamic(),
      in: (value) => this.#typed(value, "in", "dynamic"),
      out: (value) => this.#typed(value, "out", "dynamic"),
    };
  }

  #typed(value: unknown, face: "in" | "out", form: Taste["interfaces"]): unknown {
    if (value === null) return null;
    const twin = this.#behind(value as Dynamic, form);
    const { name, value: of } = value as Dynamic;
    const schema = named(name, twin.schema);
    const behind = twin[face](of);
    return face === "in" ? typedValue(schema, behind as never) : dynamicValue(name, schema, behind);
  }

  /** The twin of a value in an interface: the registered one, or the one that every registry has. */
  #behind({ name, type }: Dynamic, form: Taste["interfaces"]): Twin {
    const registered = this.#registered.get(name);
    if (registered !== undefined) return registered;
    const schema = this.registry.typeOf(name, form)?.schema as AnySchema;
    const isWide = form === "dynamic" && WIDE.test(JSON.stringify(type));
    return { ...(isWide ? BIGINTS : NUMBERS).of(type), schema };
  }
}

/** What is in an interface. */
interface Dynamic extends Registration {
  readonly value: unknown;
}

const isMap = (type: Notation): boolean =>
  typeof type === "object" && ("map" in type || ("named" in type && isMap(type.type as Notation)));

/** Predeclared types as every registry has them. In dynamic values those of 64 bits are bigints, and `int` is not. */
const NUMBERS = new Twins([], { integers: ["safe"], interfaces: "dynamic", random: undefined });
const BIGINTS = new Twins([], { integers: ["bigint"], interfaces: "dynamic", random: undefined });
const WIDE = /int64|uintptr/;
