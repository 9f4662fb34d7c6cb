/** Values of msgpack's extension types, which other formats do not have. */
import type { Schema } from "./schema.js";

/** A value of an application's own type in msgpack, unread. Go: `codec.RawExt`. */
export class Extension {
  /** -128 to 127. -1 is a time, which arrives as a `Time`. */
  readonly type: number;
  /** The content. */
  readonly data: Uint8Array;

  /** @param data - it is not copied. */
  constructor(type: number, data: Uint8Array) {
    this.type = type;
    this.data = data;
  }
}

/** See {@link extension}. */
export interface ExtensionSchema extends Schema<Extension, Extension> {
  readonly kind: "extension";
}

const EXTENSION: ExtensionSchema = { kind: "extension" };

/** A value of any extension type of msgpack. Go: `codec.RawExt`. */
export const extension = (): ExtensionSchema => EXTENSION;
