/** What `inspect` shows of a whole stream, told piece by piece while the stream goes on: for traces. */
import { inspect } from "./inspect.js";

/** The stream is kept up to here: the dump of a message needs the types that were defined before it. */
const MAX_DUMP_BYTES = 256 * 1024;

/** The messages of one direction of a gob stream, dumped as they become whole. */
export class StreamDump {
  readonly #say: (text: string) => void;
  #stream = Buffer.alloc(0);
  #shownBytes = 0;
  #shownChars = 0;
  #isOver = false;

  /** @param say - gets the lines of the messages that one {@link push} completed. */
  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Adds what arrived. `chunk` is only borrowed. */
  push(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#stream = Buffer.concat([this.#stream, chunk]);
    const wholeBytes = wholeMessages(this.#stream, this.#shownBytes);
    if (wholeBytes > this.#shownBytes) {
      this.#shownBytes = wholeBytes;
      const dump = inspect(this.#stream.subarray(0, wholeBytes));
      this.#say(dump.slice(this.#shownChars).trimEnd());
      this.#shownChars = dump.length;
    }
    if (this.#stream.length <= MAX_DUMP_BYTES) return;
    this.#isOver = true;
    this.#stream = Buffer.alloc(0);
    this.#say(`(no more of this stream: ${MAX_DUMP_BYTES} bytes were dumped)`);
  }
}

/** [GOB-6] Where the last whole message ends that begins at `start` or later: each begins with its length. */
function wholeMessages(stream: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const first = stream[at];
    if (first === undefined) return at;
    // [GOB-1]
    const lengthBytes = first < 0x80 ? 0 : 256 - first;
    if (lengthBytes > 6 || at + 1 + lengthBytes > stream.length) return at;
    const length = lengthBytes === 0 ? first : stream.readUIntBE(at + 1, lengthBytes);
    const end = at + 1 + lengthBytes + length;
    if (end > stream.length) return at;
    at = end;
  }
}
