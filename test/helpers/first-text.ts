/** Waits for what a stream carries. */
import { once } from "node:events";
import type { Readable } from "node:stream";

/** Resolves with the next chunk of a stream, as text. */
export async function firstText(stream: Readable): Promise<string> {
  const [chunk] = await once(stream, "data");
  return String(chunk);
}
