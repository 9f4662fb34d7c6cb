/**
 * How Go's msgpack libraries differ, as far as it matters [NETRPC-19]. All of them read byte strings, str8
 * and integers of any width. The dialects thus differ only in how we write times and integers, and in how we read
 * strings.
 */

/** The forms that one Go library uses. */
export interface MsgpackDialect {
  /** The library writes texts and bytes alike. Values without a schema arrive as bytes then. */
  readonly isRaw: boolean;
  /** How times are written: as the timestamp extension, or as the bytes of `Time.MarshalBinary`. */
  readonly time: "ext" | "binary";
  /**
   * How positive integers of signed types are written: in a signed form, which keeps the kind of an integer behind an
   * interface, or in the shortest form, which is unsigned.
   */
  readonly signed: "signed" | "shortest";
}

/** ugorji/go/codec with `WriteExt`, which Packer uses, and go-msgpack v2 with `WriteExt`. */
export const UGORJI: MsgpackDialect = { isRaw: false, time: "ext", signed: "signed" };
/** hashicorp/go-msgpack 0.5 with its default handle. */
export const GO_MSGPACK_V1: MsgpackDialect = {
  isRaw: true,
  time: "binary",
  signed: "shortest",
};
/** hashicorp/go-msgpack v2 with its default handle, and ugorji without `WriteExt`. */
export const GO_MSGPACK_V2: MsgpackDialect = { isRaw: true, time: "ext", signed: "signed" };
