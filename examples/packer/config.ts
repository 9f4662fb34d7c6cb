import { gob } from "goplug";

/**
 * The type of an attribute that an HCL2 template may set. Packer asks a plugin for its attributes with `ConfigSpec`. The
 * answer is nested gob: the spec is a gob stream in a `[]byte`, and each type in it is a gob stream from `GobEncode`.
 */
export type AttributeType = "bool" | "number" | "string" | { readonly list: AttributeType };

interface Attribute {
  readonly type: AttributeType;
  readonly isRequired?: boolean;
}

const CTY = "github.com/zclconf/go-cty/cty";
const KINDS = { bool: "B", number: "N", string: "S" } as const;

/** Go `cty.Type`, whose `GobEncode` is a gob stream of `gobType`. */
const ctyType: gob.MarshalerSchema<AttributeType, Uint8Array> = gob.marshaler({
  name: "cty.Type",
  encode: (type: AttributeType) => gob.encodeGob(gobType, { Impl: implOf(type) }),
  // Only tests decode it, and they need nothing but the bytes.
  decode: (bytes) => bytes,
  zero: () => new Uint8Array(0),
});
const gobType = gob.struct("gobType", { Version: gob.int(), Impl: gob.any() });
const primitive = gob.named(
  `${CTY}.primitiveType`,
  gob.struct("primitiveType", { Kind: gob.uint8() }),
);
const list = gob.named(`${CTY}.typeList`, gob.struct("typeList", { ElementTypeT: ctyType }));

function implOf(type: AttributeType) {
  return typeof type === "string"
    ? gob.value(primitive, { Kind: KINDS[type].charCodeAt(0) })
    : gob.value(list, { ElementTypeT: type.list });
}

const attrSpec = gob.named(
  "*hcldec.AttrSpec",
  gob.struct("AttrSpec", { Name: gob.string(), Type: ctyType, Required: gob.bool() }),
);

/** The reply of `ConfigSpec`. Go: `gob.NewEncoder(b).Encode(hcldec.ObjectSpec{…})`. */
export function encodeConfigSpec(attributes: Readonly<Record<string, Attribute>>): Uint8Array {
  const spec = Object.entries(attributes).map(([Name, { type, isRequired = false }]) => [
    Name,
    gob.value(attrSpec, { Name, Type: type, Required: isRequired }),
  ]);
  return gob.encodeGob(gob.record(gob.any()), Object.fromEntries(spec));
}

/**
 * Merges all settings into one object. From JSON templates they are maps. From HCL2 templates the first one is a cty
 * value: the bytes of a JSON text, with the settings under `value`.
 */
export function mergeConfigs(configs: readonly unknown[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const config of configs) {
    if (config instanceof Map) Object.assign(merged, Object.fromEntries(config));
    else if (config instanceof Uint8Array) Object.assign(merged, parseCty(config));
  }
  return merged;
}

/** The settings in a cty value. Attributes that the template does not set are null in it. */
function parseCty(json: Uint8Array): object {
  const { value } = JSON.parse(Buffer.from(json).toString()) as { value: object };
  return Object.fromEntries(Object.entries(value).filter(([, of]) => of !== null));
}
