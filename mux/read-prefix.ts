/** Reads the first bytes of a stream ahead of its handler: the broker finds its ids there [BROKER-10]. */

import { yamuxError } from "./errors.js";
import type { ReceiveHalf } from "./receive-half.js";
import { muxWait, throwIfAborted, type WaitOptions } from "./wait.js";

/** {@link Stream.readPrefix} of the stream `streamId`, whose bytes are kept in `half`. */
export async function readPrefix(
  half: ReceiveHalf,
  streamId: number,
  byteLength: number,
  options: WaitOptions,
): Promise<Uint8Array> {
  const what = `reading the first ${byteLength} bytes of stream ${streamId}`;
  half.assertIdle();
  throwIfAborted(options, what);
  const wait = muxWait<Uint8Array>(options, (code, cause) => {
    half.watch(undefined);
    return yamuxError(code, what, { streamId, cause });
  });
  const look = (): void => {
    const bytes = half.take(byteLength);
    if (bytes === undefined && half.end === undefined) return;
    half.watch(undefined);
    if (bytes !== undefined) wait.resolve(bytes);
    else {
      const eof = `${what}, got ${half.buffered}`;
      wait.reject(half.end?.error ?? yamuxError("eof", eof, { streamId, remote: true }));
    }
  };
  half.watch(look);
  look();
  return wait.promise;
}
