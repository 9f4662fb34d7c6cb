/**
 * The shape of all codecs: a stream of one format for each direction, and on top of them how a header and a
 * body are laid out. This file has the streams; the layouts are in `pair-codec.ts` (gob, msgpack),
 * `msgpack-spec-codec.ts` and `json-codec.ts`.
 */

/** Bytes of one format coming in. The members mean what they mean in `MessageReader`. */
export interface InputStream {
  readonly isBroken: boolean;
  push(chunk: Uint8Array): void;
  retain(): void;
  end(): void;
}

/** Bytes of one format going out. The members mean what they mean in `MessageWriter`. */
export interface OutputStream {
  readonly pendingBytes: number;
  take(): Uint8Array;
  recycle(taken: Uint8Array): void;
}

/** One stream per direction for the life of the connection [NETRPC-1]. */
export abstract class StreamCodec<I extends InputStream, O extends OutputStream> {
  protected readonly input: I;
  protected readonly output: O;

  constructor(input: I, output: O) {
    this.input = input;
    this.output = output;
  }

  get isBroken(): boolean {
    return this.input.isBroken;
  }
  push(chunk: Uint8Array): void {
    this.input.push(chunk);
  }
  retain(): void {
    this.input.retain();
  }
  end(): void {
    this.input.end();
  }

  get pendingBytes(): number {
    return this.output.pendingBytes;
  }
  take(): Uint8Array {
    return this.output.take();
  }
  recycle(taken: Uint8Array): void {
    this.output.recycle(taken);
  }
}
