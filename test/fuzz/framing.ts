/** [GOB-6] The messages of a gob stream, read and written without any code of protocol/gob. */

/** One message. */
export interface Message {
  /** Without its length. */
  readonly body: Uint8Array;
  /** With its length. */
  readonly bytes: Uint8Array;
}

/** The messages of a stream, as far as its lengths can be followed. The last one may be cut. */
export function messagesOf(stream: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < stream.length; ) {
    const start = at;
    let byteLength = stream[at++] as number;
    const lengthBytes = byteLength < 0x80 ? 0 : 0x100 - byteLength;
    if (lengthBytes > 3 || at + lengthBytes > stream.length) break;
    if (lengthBytes > 0) byteLength = 0;
    for (let i = 0; i < lengthBytes; i++) byteLength = byteLength * 256 + (stream[at++] as number);
    const end = at + byteLength;
    messages.push({ body: stream.slice(at, end), bytes: stream.slice(start, end) });
    at = end;
  }
  return messages;
}

/** [GOB-9] Whether a message begins with a negative id. The sign is the lowest bit of the number. */
export function isDefinition({ body }: Message): boolean {
  const [first = 0] = body;
  const last = first < 0x80 ? first : (body[0x100 - first] ?? 0);
  return (last & 1) === 1;
}

/** Puts lengths in front of bodies of less than 64 KiB. */
export function frame(bodies: readonly Uint8Array[]): Uint8Array {
  const parts = bodies.flatMap((body) => {
    const { length } = body;
    const prefix = length < 0x80 ? [length] : [0xfe, length >> 8, length & 0xff];
    return [Buffer.from(prefix), body];
  });
  return new Uint8Array(Buffer.concat(parts));
}
