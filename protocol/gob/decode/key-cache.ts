/**
 * Strings met lately. Map keys and type names come again and again, and comparing one with its bytes takes half
 * the time of making it. One table serves all streams: what it returns was compared byte by byte, so a peer cannot
 * make another stream read a wrong key.
 */

/** A power of two. */
const SLOTS = 1024;
/** Longer keys seldom come again. */
export const MAX_CACHED_BYTES = 32;

const texts: (string | undefined)[] = new Array(SLOTS).fill(undefined);

/** The string of the bytes from `start` to `end`. Undefined if it was not met lately. */
export function cachedText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = texts[slotOf(bytes, start, end)];
  if (text === undefined || text.length !== end - start) return undefined;
  for (let i = start; i < end; i++) if (text.charCodeAt(i - start) !== bytes[i]) return undefined;
  return text;
}

/**
 * Keeps `text`, made from these bytes, in place of another. Only ASCII has a char for each byte, so other texts
 * are not kept.
 */
export function cacheText(bytes: Uint8Array, start: number, end: number, text: string): void {
  if (text.length === end - start) texts[slotOf(bytes, start, end)] = text;
}

/** FNV-1a. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
