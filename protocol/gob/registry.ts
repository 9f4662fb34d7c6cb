/** The names of types behind Go interfaces [GOB-28]. */
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
  slice,
  string,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
  uintptr,
} from "../schema/index.js";
import { type KnownSchema, resolveLazy } from "../schema/known.js";
import { fail, publicly } from "./failure.js";
import { baseType, type GoType, goType } from "./type/go-type.js";
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

const BASICS: readonly AnySchema[] = [
  bool(),
  int({ as: "safe" }),
  int8(),
  int16(),
  int32(),
  int64({ as: "safe" }),
  uint({ as: "safe" }),
  uint8(),
  uint16(),
  uint32(),
  uint64({ as: "safe" }),
  uintptr({ as: "safe" }),
  float32(),
  float64(),
  complex64(),
  complex128(),
  string(),
];

/** [GOB-28] Registered in every Go process: the predeclared types and slices of them. */
const PREDECLARED: ReadonlyMap<string, AnySchema> = byName([
  ...BASICS,
  ...BASICS.map((schema) => (schema === uint8() ? bytes() : slice(schema))),
]);

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

function byName(schemas: readonly AnySchema[]): Map<string, AnySchema> {
  return new Map(schemas.map((schema) => [spell(goType(schema)), schema]));
}

/**
 * The names of types behind Go interfaces. Go has one registry per process; here each encoder and decoder is
 * given one. Go: `gob.Register` and `gob.RegisterName`.
 */
export class Registry {
  readonly #schemas = new Map<string, AnySchema>();
  readonly #names = new WeakMap<AnySchema, string>();
  #hasCodec = false;
  /** The names that {@link nameOf} found. It is called for each value. */
  #found = new WeakMap<AnySchema, string>();

  /**
   * Gives `schema` the name under which Go registered the type. It goes with each value behind an interface.
   * A name has one schema, and a struct one name; a scalar may have several.
   *
   * @throws CodecError `bad-value`. Go: panics of `gob.RegisterName`.
   */
  register(name: string, schema: AnySchema): this {
    publicly(() => this.#add(name, schema));
    return this;
  }

  #add(name: string, schema: AnySchema): void {
    if (name === "") fail("bad-value", "attempt to register empty name");
    const other = this.#schemas.get(name);
    if (other !== undefined && other !== schema) {
      fail("bad-value", `registering duplicate types for "${name}"`);
    }
    // All users of a scalar share one schema. It may be registered under several names, none of which is sent.
    const isShared = goType(schema).basic !== "";
    const otherName = this.#names.get(schema) ?? name;
    if (otherName !== name) {
      fail("bad-value", `registering duplicate names: "${otherName}" != "${name}"`);
    }
    this.#schemas.set(name, schema);
    this.#hasCodec ||= hasCodec(schema);
    if (!isShared) this.#names.set(schema, name);
    this.#found = new WeakMap();
  }

  /**
   * The schema for a value behind `name`. Undefined if the value has to be decoded by the peer's type.
   *
   * @param form - in a `dynamic` value, which must encode again as it was, only a registered or a predeclared
   *   schema replaces the peer's type: the bytes of a well-known type could change. Those of a time do not.
   */
  schemaOf(name: string, form: "plain" | "dynamic"): AnySchema | undefined {
    const schema = this.#schemas.get(name) ?? PREDECLARED.get(name);
    if (schema !== undefined) return schema;
    const known = WELL_KNOWN.get(name);
    return form === "plain" || known === time() ? known : undefined;
  }

  /** Whether decoding `schema` can run users' codecs, also those of types behind interfaces in it. */
  runsCodecs(schema: AnySchema): boolean {
    return this.#hasCodec || hasCodec(schema);
  }

  /** [GOB-28] The name to send with a value of `schema`. Throws a Failure `not-registered`. */
  nameOf(schema: AnySchema): string {
    let name = this.#found.get(schema);
    if (name === undefined) {
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

/** An unnamed type goes by Go's spelling, provided that it names each type in it with the package. */
function spelledName(type: GoType): string {
  const name = spell(type);
  if (isSpelledInFull(type, [])) return name;
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
