/** Schemas describe Go types in TypeScript. These are the public names; codecs import them as well. */
export { type Codec, type CodecSchema, codec, type RequiredCodec } from "./codec.js";
export {
  type ArraySchema,
  array,
  type LazySchema,
  lazy,
  type MapSchema,
  map,
  type OptionalSchema,
  optional,
  type RecordSchema,
  record,
  type SliceSchema,
  slice,
} from "./composite.js";
export { Extension, type ExtensionSchema, extension } from "./extension.js";
export { fieldsOf, type StructField } from "./fields.js";
export {
  type AnyValueSchema,
  any,
  type DynamicSchema,
  type DynamicValue,
  dynamic,
  type TypedValue,
  value,
} from "./interface.js";
export { jsonNumber } from "./json-number.js";
export {
  type KnownArray,
  type KnownCodec,
  type KnownEmbedded,
  type KnownField,
  type KnownLazy,
  type KnownMap,
  type KnownMarshaler,
  type KnownNamed,
  type KnownOptional,
  type KnownScalar,
  type KnownSchema,
  type KnownSlice,
  type KnownStruct,
  type KnownTypes,
  known,
} from "./known.js";
export {
  type Marshaler,
  type MarshalerForm,
  type MarshalerSchema,
  marshaler,
  opaque,
} from "./marshaler.js";
export { type NamedSchema, named } from "./named.js";
export { from, plain } from "./plain-value.js";
export {
  type OneOfIn,
  type OneOfOptions,
  type OneOfOut,
  type OneOfSchema,
  oneOf,
  type RegisteredOptions,
  type RegisteredSchema,
  type RegisteredType,
  registered,
} from "./registered.js";
export {
  type BoolSchema,
  type BytesSchema,
  bool,
  bytes,
  type Complex,
  type ComplexSchema,
  complex64,
  complex128,
  type FloatSchema,
  float32,
  float64,
  type IntegerForm,
  type IntSchema,
  int,
  int8,
  int16,
  int32,
  int64,
  type RawStringSchema,
  rawString,
  type StringSchema,
  string,
  type UintSchema,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
  uintptr,
} from "./scalar.js";
export type { AnySchema, In, Out, Schema } from "./schema.js";
export {
  type EmbeddedSchema,
  type EmptySchema,
  embedded,
  empty,
  type FieldSchema,
  type Fields,
  field,
  type StructSchema,
  struct,
} from "./struct.js";
