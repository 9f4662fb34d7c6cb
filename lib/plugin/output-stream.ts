/** Node's streams in front of a redirected output. */
import { Writable } from "node:stream";
import type { SyncOutput } from "./sync-output.js";
import type { WriteDone } from "./write-marks.js";

/** The `write` of Node's streams, without its overloads. */
export type Write = (
  chunk: string | Uint8Array,
  encoding?: BufferEncoding | WriteDone | undefined,
  callback?: WriteDone | undefined,
) => boolean;

/** A chunk as bytes. Throws as Node does for an unknown encoding. */
export const bytesOf = (chunk: string | Uint8Array, encoding?: BufferEncoding): Uint8Array =>
  typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;

/**
 * Lets `stream` write into `output` until the returned function is called. The stream stays the same object, because
 * `console` and others have it already. What waits is in `output` and not in the stream's own buffer: there a line of
 * 10 bytes takes 250, and nothing bounds them.
 */
export function carry(stream: Writable, output: SyncOutput): () => void {
  output.onDrain = () => void stream.emit("drain");
  return override(stream, {
    write: { value: boundWrite(stream, output), writable: true },
    writableLength: { get: () => output.waitingBytes },
    writableNeedDrain: { get: () => output.needsDrain },
    ...sink(
      // The last chunk of `end`. An error would destroy the stream.
      (bytes, done) => output.write(bytes, () => done()),
      () => output.flushed(),
    ),
  });
}

/** A stream that writes into `output`. */
export function outputStream(output: SyncOutput): Writable {
  const stream = new Writable();
  carry(stream, output);
  return stream;
}

/** Lets `stream` write into `other`, with a buffer of its own in front, until the returned function is called. */
export function divert(stream: Writable, other: Writable): () => void {
  const write = (bytes: Uint8Array, done: WriteDone) => other.write(bytes, () => done());
  return override(
    stream,
    sink(write, () => Promise.resolve()),
  );
}

function boundWrite(stream: Writable, output: SyncOutput): Write {
  const nodes = stream.write as Write;
  return (chunk, encoding, callback) => {
    const isPlain = typeof chunk === "string" || chunk instanceof Uint8Array;
    // Node knows what to say to a write after the end, and to what is neither text nor bytes.
    if (!isPlain || stream.writableEnded) return nodes.call(stream, chunk, encoding, callback);
    if (typeof encoding === "function") return output.write(bytesOf(chunk), encoding);
    return output.write(bytesOf(chunk, encoding), callback);
  };
}

/** The methods with which a stream passes on what it got. A socket's own ones would write to file descriptor 1. */
function sink(
  write: (bytes: Uint8Array, done: WriteDone) => void,
  flushed: () => Promise<void>,
): PropertyDescriptorMap {
  return {
    _write: {
      value: (chunk: string | Uint8Array, encoding: string, done: WriteDone) =>
        write(bytesOf(chunk, encoding as BufferEncoding), done),
    },
    _writev: { value: null },
    _final: { value: (done: WriteDone) => void flushed().then(() => done()) },
  };
}

/** Gives `stream` properties of its own; the returned function takes them away again. */
function override(stream: Writable, properties: PropertyDescriptorMap): () => void {
  const before = Object.keys(properties).map(
    (name) => [name, Object.getOwnPropertyDescriptor(stream, name)] as const,
  );
  for (const [name, property] of Object.entries(properties)) {
    Object.defineProperty(stream, name, { ...property, configurable: true });
  }
  return () => {
    for (const [name, property] of before) {
      // Somebody else may have replaced it since.
      if (Reflect.get(stream, name) !== currentValue(properties[name]!, stream)) continue;
      if (property === undefined) Reflect.deleteProperty(stream, name);
      else Object.defineProperty(stream, name, property);
    }
  };
}

const currentValue = ({ value, get }: PropertyDescriptor, stream: Writable): unknown =>
  get === undefined ? value : get.call(stream);
