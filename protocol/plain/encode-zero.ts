/** Go's zeros in the formats without Go types, for keys that the user left out [GOB-49]. */
import type { AnySchema } from "../schema/index.js";
import { bare, type KnownArray, type KnownCodec } from "../schema/known.js";
import { refuseLeftOut } from "../schema/left-out.js";
import type { Write } from "./encode-scalar.js";
import { failKind } from "./failure.js";
import { isByte } from "./fields.js";
import type { PlainWriter } from "./format.js";

/** What a zero is written with: the writer, the context of the codecs, and the compiler of encoders. */
interface Zeros {
  readonly w: PlainWriter;
  readonly context: unknown;
  readonly encoderOf: (schema: AnySchema) => { readonly write: Write };
}

/** Writes the zero of `of`, as Go's libraries do: nil for slices, maps and bytes, and all parts of arrays and structs. */
export function writeZero(to: Zeros, of: AnySchema): void {
  const { w } = to;
  const schema = bare(of);
  switch (schema.kind) {
    case "bool":
      w.bool(false);
      break;
    case "int":
    case "uint":
      w.int(0, schema.kind === "int");
      break;
    case "float":
      w.float(0, schema.bits);
      break;
    case "string":
      writeWith(to, schema, "");
      break;
    case "bytes":
    case "slice":
    case "map":
      w.nil();
      break;
    case "array":
      zeroArray(to, schema);
      break;
    case "struct":
      // All of its keys are left out.
      writeWith(to, schema, {});
      break;
    case "codec":
      zeroCodec(to, schema);
      break;
    case "marshaler":
      writeWith(to, schema, schema.zero());
      break;
    case "interface":
    case "optional":
      writeWith(to, schema, undefined);
      break;
    default:
      failKind(schema.kind);
  }
}

function writeWith({ w, context, encoderOf }: Zeros, schema: AnySchema, value: unknown): void {
  encoderOf(schema).write(w, value, context);
}

function zeroArray(to: Zeros, { elem, length }: KnownArray): void {
  const { w } = to;
  if (isByte(elem)) {
    w.byteArray(new Uint8Array(length));
    return;
  }
  w.openArray(length);
  for (let i = 0; i < length; i++) writeZero(to, elem);
  w.closeArray();
}

function zeroCodec(to: Zeros, schema: KnownCodec): void {
  if (schema.optional === true) writeWith(to, schema, undefined);
  else {
    refuseLeftOut(schema);
    writeZero(to, schema.wire);
  }
}
