/**
 * How the Go libraries differ where it matters [NETRPC-19]. All of them take bin, str8 and any width of
 * integer, so only times are written differently, and only texts are read so.
 */
export interface MsgpackDialect {
  /** Texts and bytes look the same, so that values without a schema arrive as bytes. */
  readonly isRaw: boolean;
  /** `ext`: the timestamp extension. `binary`: the bytes of `Time.MarshalBinary`. */
  readonly time: "ext" | "binary";
}

/** ugorji/go/codec with `WriteExt`, as Packer has it; also go-msgpack v2 with `WriteExt`. */
export const UGORJI: MsgpackDialect = { isRaw: false, time: "ext" };
/** hashicorp/go-msgpack 0.5 as its default handle is. */
export const GO_MSGPACK_V1: MsgpackDialect = { isRaw: true, time: "binary" };
/** hashicorp/go-msgpack v2 as its default handle is; ugorji without `WriteExt` is the same. */
export const GO_MSGPACK_V2: MsgpackDialect = { isRaw: true, time: "ext" };
