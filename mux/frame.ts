/** The frame header: twelve bytes, big endian; only Data frames carry a body [YAMUX-1]. */

/** The first byte of every frame. */
export const VERSION = 0;

/** The length of a header. */
export const HEADER_BYTES = 12;

/** The kind of a frame, which tells what the header's `length` means [YAMUX-2]. */
export const TYPE = {
  /** `length` bytes of a stream follow. */
  Data: 0,
  /** `length` more bytes may be sent on a stream. */
  WindowUpdate: 1,
  /** `length` is a value that the answer repeats. */
  Ping: 2,
  /** `length` is a reason of {@link GO_AWAY}. */
  GoAway: 3,
} as const;

/** A bit set: test bits, never compare for equality [YAMUX-3]. */
export const FLAG = {
  /** Opens a stream; asks for the answer to a ping. */
  SYN: 1,
  /** Confirms a stream; is the answer to a ping. */
  ACK: 2,
  /** Ends one direction of a stream. */
  FIN: 4,
  /** Ends a stream at once. */
  RST: 8,
} as const;

/** The reason of a GoAway [YAMUX-40]. */
export const GO_AWAY = {
  /** The sender takes no new streams. */
  Normal: 0,
  /** The receiver broke the protocol. */
  ProtocolError: 1,
  /** The sender failed. */
  InternalError: 2,
} as const;

/** What may be sent in each direction of each stream before any credit, whatever the settings [YAMUX-20]. */
export const INITIAL_WINDOW_BYTES = 256 * 1024;

/** A decoded header. Its numbers are as the peer sent them, so that a type may be unknown. */
export interface FrameHeader {
  /** {@link VERSION}, or the frame is not yamux. */
  readonly version: number;
  /** One of {@link TYPE}. */
  readonly type: number;
  /** Bits of {@link FLAG}. */
  readonly flags: number;
  /** 0 is the session. */
  readonly streamId: number;
  /** Data: bytes of the body; WindowUpdate: credit; Ping: the opaque value; GoAway: the reason. */
  readonly length: number;
}

const VERSION_AT = 0;
const TYPE_AT = 1;
const FLAGS_AT = 2;
const STREAM_ID_AT = 4;
const LENGTH_AT = 8;

/**
 * Writes a header at `offset` of `view` [YAMUX-1]. The fields are parameters, in wire order, because
 * making an object takes as long as everything else here.
 */
export function encodeHeader(
  view: DataView,
  offset: number,
  type: number,
  flags: number,
  streamId: number,
  length: number,
): void {
  view.setUint8(offset + VERSION_AT, VERSION);
  view.setUint8(offset + TYPE_AT, type);
  view.setUint16(offset + FLAGS_AT, flags);
  view.setUint32(offset + STREAM_ID_AT, streamId);
  view.setUint32(offset + LENGTH_AT, length);
}

/** Reads the header at `offset` of `view`, default 0 [YAMUX-1]. Does not check its numbers. */
export function decodeHeader(view: DataView, offset = 0): FrameHeader {
  return {
    version: view.getUint8(offset + VERSION_AT),
    type: view.getUint8(offset + TYPE_AT),
    flags: view.getUint16(offset + FLAGS_AT),
    streamId: view.getUint32(offset + STREAM_ID_AT),
    length: view.getUint32(offset + LENGTH_AT),
  };
}

/** The header as Go's log lines show it: `Vsn:0 Type:1 Flags:2 StreamID:3 Length:4`. */
export function formatHeader(header: FrameHeader): string {
  const { version, type, flags, streamId, length } = header;
  return `Vsn:${version} Type:${type} Flags:${flags} StreamID:${streamId} Length:${length}`;
}
