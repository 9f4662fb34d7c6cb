/** Walks a schema of goplug and makes a JSON Schema of it: what the JSON codec writes for a value. */
import { gob } from "goplug";

type JsonSchema = Readonly<Record<string, unknown>>;

/** The struct behind the word `embedded`: names, references and pointers are followed. */
function embeddedStruct(of: gob.AnySchema): gob.KnownStruct {
  const schema = gob.known(of);
  switch (schema.kind) {
    case "struct":
      return schema;
    case "optional":
      return embeddedStruct(schema.elem);
    case "lazy":
      return embeddedStruct(schema.resolve());
    case "embedded":
    case "field":
    case "named":
      return embeddedStruct(schema.schema);
    default:
      throw new Error(`a ${schema.kind} cannot be embedded`);
  }
}

/** The JSON Schema of `root`. Each named struct is a definition, which is how a struct can contain itself. */
export function jsonSchema(root: gob.AnySchema): JsonSchema {
  const $defs: Record<string, JsonSchema> = {};

  function walk(of: gob.AnySchema): JsonSchema {
    const schema = gob.known(of);
    switch (schema.kind) {
      case "bool":
        return { type: "boolean" };
      case "int":
      case "uint":
        return { type: "integer", description: schema.go };
      case "float":
        return { type: "number", description: `float${schema.bits}` };
      case "string":
        return { type: "string" };
      case "bytes":
        return { type: "string", contentEncoding: "base64" };
      case "slice":
        return { type: "array", items: walk(schema.elem) };
      case "array":
        return list(schema);
      case "map":
        return { type: "object", additionalProperties: walk(schema.elem) };
      case "optional":
        return { anyOf: [walk(schema.elem), { type: "null" }] };
      case "struct":
        return struct(schema);
      case "marshaler":
        return { type: "string", description: schema.name };
      // Names and references do not show in JSON, and of a codec only its wire does.
      case "named":
      case "field":
      case "embedded":
        return walk(schema.schema);
      case "lazy":
        return walk(schema.resolve());
      case "codec":
        return walk(schema.wire);
      case "interface":
        return {};
      case "complex":
      case "rawString":
        throw new Error(`JSON has no form for ${schema.kind}`);
    }
  }

  function list({ elem, length }: gob.KnownArray): JsonSchema {
    return { type: "array", items: walk(elem), minItems: length, maxItems: length };
  }

  function struct(schema: gob.KnownStruct): JsonSchema {
    const { name } = schema;
    if (name === "") return object(schema);
    if (!Object.hasOwn($defs, name)) {
      // Taken before its fields are walked, which may contain the struct.
      $defs[name] = {};
      $defs[name] = object(schema);
    }
    return { $ref: `#/$defs/${name}` };
  }

  function object(schema: gob.KnownStruct): JsonSchema {
    return { type: "object", properties: properties(schema) };
  }

  /** Fields of an embedded struct stand beside the struct's own, which hide those of their name. */
  function properties(schema: gob.KnownStruct): JsonSchema {
    const fields = gob.fieldsOf(schema);
    const promoted = fields.filter(({ isEmbedded }) => isEmbedded);
    const own = fields.filter(({ isEmbedded }) => !isEmbedded);
    return Object.assign(
      {},
      ...promoted.map(({ schema: of }) => properties(embeddedStruct(of))),
      ...own.map(({ go, schema: of }) => ({ [go]: walk(of) })),
    ) as JsonSchema;
  }

  return { ...walk(root), $defs };
}
