/** The frame header: twelve bytes, big endian; only Data frames carry a body [YAMUX-1]. */

export const VERSION = 0;
export const HEADER_BYTES = 12;

/** [YAMUX-2] */
export const TYPE = { Data: 0, WindowUpdate: 1, Ping: 2, GoAway: 3 } as const;

/** A bit set: test bits, never compare for equality [YAMUX-3]. */
export const FLAG = { SYN: 1, ACK: 2, FIN: 4, RST: 8 } as const;

/** The reason of a GoAway [YAMUX-40]. */
export const GO_AWAY = { Normal: 0, ProtocolError: 1, InternalError: 2 } as const;

/** What each direction of each stream may send before any update, whatever the settings [YAMUX-20]. */
export const INITIAL_WINDOW_BYTES = 256 * 1024;

export interface FrameHeader {
  readonly version: number;
  readonly type: number;
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
 * Writes a header at `offset` of `view` [YAMUX-1]. Positional numbers in wire order, because an object
 * per frame costs as much as the whole call.
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

/** Reads the header at `offset` of `view` [YAMUX-1]. Checks nothing: {@link FrameReader} does. */
export function decodeHeader(view: DataView, offset = 0): FrameHeader {
  return {
    version: view.getUint8(offset + VERSION_AT),
    type: view.getUint8(offset + TYPE_AT),
    flags: view.getUint16(offset + FLAGS_AT),
    streamId: view.getUint32(offset + STREAM_ID_AT),
    length: view.getUint32(offset + LENGTH_AT),
  };
}

/** The header in the words of Go's log lines. */
export function formatHeader(header: FrameHeader): string {
  const { version, type, flags, streamId, length } = header;
  return `Vsn:${version} Type:${type} Flags:${flags} StreamID:${streamId} Length:${length}`;
}
