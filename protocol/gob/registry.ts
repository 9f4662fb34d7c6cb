/** The names of types behind Go interfaces [GOB-28] [GOB-54]. */

import { schemaProblem } from "../schema/check.js";
import {
  type AnySchema,
  bool,
  bytes,
  complex64,
  complex128,
  float32,
  float64,
  int,
  int8,
  int16,
  int32,
  int64,
  named,
  slice,
  string,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
  uintptr,
} from "../schema/index.js";
import { isFoundType } from "../schema/js-type.js";
import { type KnownSchema, resolveLazy } from "../schema/known.js";
import { registeredIn } from "../schema/registered-in.js";
import { isSameSchema } from "../schema/same-schema.js";
import type { IntegerForm } from "../schema/scalar.js";
import { fail, publicly } from "./failure.js";
import { baseType, type GoType, goType, rootName } from "./type/go-type.js";
import { hasCodec } from "./type/has-codec.js";
import { spell } from "./type/spell.js";
import {
  addr,
  basicError,
  bigFloat,
  bigInt,
  bigRat,
  duration,
  ip,
  rawMessage,
  time,
  url,
} from "./wellknown/index.js";

type InterfaceForm = "plain" | "dynamic";

/** [GOB-28] Registered in every Go process: the predeclared types and slices of them. */
const PREDECLARED: Readonly<Record<InterfaceForm, ReadonlyMap<string, AnySchema>>> = {
  plain: predeclared("safe"),
  dynamic: predeclared("bigint"),
};

/** @param as - the form of `int64`, `uint64` and `uintptr`. */
function predeclared(as: IntegerForm): ReadonlyMap<string, AnySchema> {
  const basics: readonly AnySchema[] = [
    bool(),
    int({ as: "safe" }),
    int8(),
    int16(),
    int32(),
    int64({ as }),
    uint({ as: "safe" }),
    uint8(),
    uint16(),
    uint32(),
    uint64({ as }),
    uintptr({ as }),
    float32(),
    float64(),
    complex64(),
    complex128(),
    string(),
  ];
  const slices = basics.map((schema) => (schema === uint8() ? bytes() : slice(schema)));
  return new Map([...basics, ...slices].map((schema) => [spell(goType(schema)), schema]));
}

/** Go does not register these by itself. Programs that do use these names. */
const WELL_KNOWN: ReadonlyMap<string, AnySchema> = new Map<string, AnySchema>([
  ["time.Time", time()],
  ["*time.Time", time()],
  ["time.Duration", duration()],
  ["*big.Int", bigInt()],
  ["*big.Rat", bigRat()],
  ["*big.Float", bigFloat()],
  ["*url.URL", url()],
  ["net.IP", ip()],
  ["net/netip.Addr", addr()],
  ["encoding/json.RawMessage", rawMessage()],
  ["*plugin.BasicError", basicError()],
]);

/** The well-known types that have one encoding for each value. */
const STABLE: ReadonlySet<string> = new Set(["time.Time", "*time.Time", "time.Duration"]);

/** Options of {@link Registry.register}. */
export interface RegisterOptions {
  /**
   * Other names under which values of the type may arrive, such as that of the package the type was in before.
   * None is sent.
   */
  readonly aliases?: readonly string[];
}

/** A type behind an interface. */
export interface NamedType {
  /** The type. */
  readonly schema: AnySchema;
  /** The type with the name that was asked for. One object for all values. */
  readonly named: AnySchema;
  /** Whether an encoder finds the type again by the value alone [GOB-53]. */
  readonly isFound: boolean;
}

const noTypes = (): Readonly<Record<InterfaceForm, Map<string, NamedType>>> => ({
  plain: new Map(),
  dynamic: new Map(),
});

/** A schema that was registered. */
interface Registration {
  readonly name: string;
  readonly schema: AnySchema;
}

/**
 * The names of types behind Go interfaces. Go has one registry per process; here each encoder and decoder is
 * given one. Go: `gob.Register` and `gob.RegisterName`.
 */
export class Registry {
  readonly #schemas = new Map<string, AnySchema>();
  /** By the schema below pointers, because Go sends `T` and `*T` under one name. */
  readonly #names = new Map<AnySchema, string>();
  /** Registered and not looked at yet: the schemas may refer to others that are not defined at that time. */
  #fresh: Registration[] = [];
  #hasCodec = false;
  #version = 0;
  /** The names that {@link nameOf} found. It is called for each value. */
  #found = new WeakMap<AnySchema, string>();
  /** The types that {@link typeOf} found. It is called for each value, too. */
  #types = noTypes();

  /**
   * Gives `schema` the name under which Go registered the type. It goes with each value behind an interface.
   * If Go registered a pointer, its name begins with `*`, and values of the type itself go by that name, too.
   * A name has one schema, and a struct one name; a scalar may have several, which are only read. References of `schema` to
   * others are followed when a value is first sent or received.
   *
   * @throws CodecError `bad-value`. Go: panics of `gob.RegisterName`.
   */
  register(name: string, schema: AnySchema, { aliases = [] }: RegisterOptions = {}): this {
    publicly(() => {
      for (const of of [name, ...aliases]) this.#refuseName(of, schema);
      this.#refuseSecondName(name, schema);
      for (const of of [name, ...aliases])
        if (!this.#schemas.has(of)) this.#schemas.set(of, schema);
      this.#addName(name, schema);
      this.#fresh.push({ name, schema });
      this.#found = new WeakMap();
      this.#types = noTypes();
      this.#version++;
    });
    return this;
  }

  /** How often something was registered. */
  get version(): number {
    return this.#version;
  }

  /**
   * Registers the types that `registered` and `oneOf` name in `schemas`, as Go has one registry for all of a process.
   * A name or a schema that is registered already stays as it is.
   */
  adopt(schemas: Iterable<AnySchema>): this {
    for (const { name, schema, aliases } of registeredIn(schemas)) {
      const isTaken = this.isKnown(name) || this.#names.has(withoutPointers(schema));
      if (!isTaken)
        this.register(name, schema, { aliases: aliases.filter((of) => !this.isKnown(of)) });
    }
    return this;
  }

  #refuseName(name: string, schema: AnySchema): void {
    if (name === "") fail("bad-value", "attempt to register empty name");
    const problem = schemaProblem(schema);
    if (problem !== undefined) fail("bad-value", `register "${name}": ${problem}`);
    const other = this.#schemas.get(name) ?? PREDECLARED.plain.get(name);
    if (other === undefined || other === schema) return;
    const forms = this.#schemas.has(name) ? "compare" : "ignore";
    if (isSameSchema(other, schema, forms)) return;
    const types = `${nameForText(other)} != ${nameForText(schema)}`;
    fail("bad-value", `registering duplicate types for "${name}": ${types}`);
  }

  #refuseSecondName(name: string, schema: AnySchema): void {
    const base = withoutPointers(schema);
    const other = this.#names.get(base) ?? name;
    if (other === name) return;
    const type = nameForText(schema);
    fail("bad-value", `registering duplicate names for ${type}: "${other}" != "${name}"`);
  }

  #addName(name: string, schema: AnySchema): void {
    const base = withoutPointers(schema);
    // To Go an interface in an interface is the inner one, but a pointer to it is a type [GOB-52].
    const isPointer = base.kind === "interface" && base !== schema;
    if (isPointer || !isShared(base)) this.#names.set(base, name);
  }

  /** Follows the references of what was registered since the last time. */
  #settle(): void {
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh;
    for (const { name, schema } of fresh) {
      const target = behindReferences(schema);
      this.#refuseSecondName(name, target);
      this.#addName(name, target);
      this.#hasCodec ||= hasCodec(schema);
    }
    // Only now, so that what failed fails again.
    this.#fresh = [];
  }

  /**
   * The type of values behind `name`. Undefined if a value has to be decoded by the peer's type.
   *
   * @param form - in a `dynamic` value, which must encode again as it was, only a registered or a predeclared
   *   schema replaces the peer's type: the bytes of a well-known type could change. Those of a time or a duration do
   *   not.
   */
  typeOf(name: string, form: InterfaceForm): NamedType | undefined {
    const known = this.#types[form].get(name);
    if (known !== undefined) return known;
    const wellKnown = form === "plain" || STABLE.has(name) ? WELL_KNOWN.get(name) : undefined;
    const schema = this.#schemas.get(name) ?? PREDECLARED[form].get(name) ?? wellKnown;
    if (schema === undefined) return undefined;
    const type = { schema, named: named(name, schema), isFound: isFoundType(name) };
    this.#types[form].set(name, type);
    return type;
  }

  /** Whether Go would know a type by this name: it is registered or predeclared. */
  isKnown(name: string): boolean {
    return this.#schemas.has(name) || PREDECLARED.plain.has(name);
  }

  /** Whether decoding `schema` can run users' codecs, also those of types behind interfaces in it. */
  runsCodecs(schema: AnySchema): boolean {
    this.#settle();
    return this.#hasCodec || hasCodec(schema);
  }

  /** [GOB-28] The name to send with a value of `schema`. Throws a Failure `not-registered`. */
  nameOf(schema: AnySchema): string {
    let name = this.#found.get(schema);
    if (name === undefined) {
      this.#settle();
      name = this.#findName(schema);
      this.#found.set(schema, name);
    }
    return name;
  }

  /** The outermost name wins: a registered one, or one that the schema brings along. */
  #findName(schema: AnySchema): string {
    for (let known = schema as KnownSchema; ; ) {
      const name = this.#names.get(known);
      if (name !== undefined) return name;
      if (known.kind === "named") return known.name;
      if (known.kind === "marshaler" && known.name !== "") return known.name;
      if (known.kind === "lazy") known = resolveLazy(known) as KnownSchema;
      else if (known.kind === "field" || known.kind === "embedded") {
        known = known.schema as KnownSchema;
      } else if (known.kind === "optional") known = known.elem as KnownSchema;
      else if (known.kind === "codec") known = known.wire as KnownSchema;
      else return spelledName(baseType(goType(known)));
    }
  }
}

/** The schema below pointers, as far as that is known without following references. */
function withoutPointers(schema: AnySchema): AnySchema {
  let known = schema as KnownSchema;
  for (;;) {
    if (known.kind === "optional") known = known.elem as KnownSchema;
    else if (known.kind === "field") known = known.schema as KnownSchema;
    else return known;
  }
}

/** The most pointers and references before a type. A longer chain is taken for a circle. */
const MAX_HOPS = 100;

/** The schema below pointers and references. */
function behindReferences(schema: AnySchema): AnySchema {
  let target = withoutPointers(schema) as KnownSchema;
  for (let hops = 0; target.kind === "lazy"; hops++) {
    if (hops === MAX_HOPS) fail("bad-value", "schema refers only to itself");
    target = withoutPointers(resolveLazy(target)) as KnownSchema;
  }
  return target;
}

/** Schemas of which there is one for all users. A name cannot tell what one of them means by it. */
const isShared = (schema: AnySchema & { readonly empty?: true }): boolean =>
  SHARED_KINDS.has(schema.kind) || schema.empty === true;

const SHARED_KINDS: ReadonlySet<string> = new Set([
  "bool",
  "int",
  "uint",
  "float",
  "complex",
  "string",
  "rawString",
  "bytes",
  "interface",
]);

/** A type in an error text, which must not fail itself. */
const nameForText = (schema: AnySchema): string => rootName(schema) || schema.kind;

/** An unnamed type goes by Go's spelling, provided that it names each type in it with the package. */
function spelledName(type: GoType): string {
  const name = spell(type);
  // [GOB-52] A pointer to an interface is a type that Go code has to register.
  if (type.kind !== "interface" && isSpelledInFull(type, [])) return name;
  const hint = `use named("main.Type", schema) or registry.register`;
  return fail("not-registered", `gob: type not registered for interface: ${name} (${hint})`, {
    isGoText: true,
    typeName: name,
  });
}

/** @param open - the types around, which may be met again. Only named types may, or the spelling would not end. */
function isSpelledInFull(type: GoType, open: readonly GoType[]): boolean {
  if (type.name.includes(".") || (type.basic !== "" && type.basic === type.name)) return true;
  if (type.name !== "" || open.includes(type)) return false;
  const parts = [type.key, type.elem, ...type.fields.map((field) => field.type)];
  return parts.every((part) => part === undefined || isSpelledInFull(part, [...open, type]));
}
