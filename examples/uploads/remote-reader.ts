/**
 * A lending schema of one's own, beside `lent`: a reader that sends only what it is asked for, as Mattermost's plugins
 * have it. The id is a `uint32` as with every loan. On the stream the borrower writes how many bytes it wants, as a
 * signed varint (Go: `binary.PutVarint`), and the lender answers with as many. One that has fewer sends them and closes.
 */
import { type Duplex, Readable } from "node:stream";
import { type DuplexSource, type gob, type LentOptions, lending, toDuplex } from "goplug";

/** The lender passes a Readable, and the borrower gets one. */
export const remoteReader = (options?: LentOptions): gob.CodecSchema<Readable, Readable> =>
  lending<Readable, Readable>(
    {
      lend: (source, broker) => async (id, signal) => {
        const bytes = new Bytes(source);
        try {
          const stream = await broker.accept(id, { signal });
          await answer(
            toDuplex(stream, { signal }).on("error", () => {}),
            bytes,
          );
        } finally {
          source.destroy();
        }
      },
      borrow: (conn) => new RemoteReader(conn),
      giveBack: (reader, _conn, failure) => void reader.destroy(failure),
    },
    options,
  );

/** The lender's end. */
async function answer(duplex: Duplex, bytes: Bytes): Promise<void> {
  for await (const wanted of requests(duplex)) {
    for (let left = wanted; left > 0; ) {
      const chunk = await bytes.take(left);
      if (chunk === undefined) {
        // A Go borrower may still ask. It reads the end.
        duplex.resume().end();
        return;
      }
      left -= chunk.length;
      if (!duplex.write(chunk)) await drained(duplex);
    }
  }
  duplex.end();
}

const drained = (duplex: Duplex): Promise<void> =>
  new Promise((resolve) => {
    duplex.once("drain", resolve).once("close", resolve);
  });

/** The numbers that the borrower sends. */
async function* requests(duplex: Duplex): AsyncGenerator<number> {
  let zigzag = 0;
  let scale = 1;
  for await (const chunk of duplex.iterator({ destroyOnReturn: false })) {
    for (const byte of chunk as Uint8Array) {
      zigzag += (byte & 0x7f) * scale;
      scale *= 128;
      if (scale > 2 ** 70) throw new Error("uploads: a varint of more than ten bytes");
      if (byte >= 0x80) continue;
      // Even numbers are those from 0 on. Nobody can want fewer than 0 bytes.
      yield zigzag % 2 === 0 ? zigzag / 2 : 0;
      zigzag = 0;
      scale = 1;
    }
  }
}

/** The borrower's end: it asks when Node wants more, and when all that it asked for has come. */
class RemoteReader extends Readable {
  readonly #conn: DuplexSource;
  #owed = 0;

  constructor(conn: DuplexSource) {
    super();
    // The peer can end the stream at any time: without a listener Node would end the process.
    this.on("error", () => {});
    this.#conn = conn;
    conn.start({
      onData: (chunk) => {
        this.#owed -= chunk.length;
        // The chunk is ours during this call only.
        this.push(Buffer.from(chunk));
      },
      onEnd: (error) => {
        if (error === undefined) this.push(null);
        else this.destroy(error);
      },
    });
  }

  override _read(size: number): void {
    if (this.#owed > 0) return;
    this.#owed = size;
    this.#conn.write(varint(size));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.readableEnded) this.#conn.end();
    else this.#conn.destroy(error ?? undefined);
    done(error);
  }
}

/** A signed varint: the number times two, in groups of seven bits, the lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value * 2;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  bytes.push(left);
  return Uint8Array.from(bytes);
}

/** A source of bytes that can be taken in pieces of any size. */
class Bytes {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: Readable) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** From one to `most` bytes, or undefined at the end. */
  async take(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#source.next();
      if (done === true) return undefined;
      this.#rest = value;
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }
}
