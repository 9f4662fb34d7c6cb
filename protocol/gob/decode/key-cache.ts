/** A power of two. */
const SLOTS = 1024;
/** Longer keys are rarely the same. */
export const MAX_CACHED_BYTES = 32;

const texts: (string | undefined)[] = new Array(SLOTS).fill(undefined);

/**
 * The string in `bytes`, if it was met lately. Map keys and type names are the same again and again,
 * and to compare one takes half as long as to make it. One table for all streams: what is returned
 * was compared byte by byte.
 */
export function cachedText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = texts[slotOf(bytes, start, end)];
  if (text === undefined || text.length !== end - start) return undefined;
  for (let i = start; i < end; i++) if (text.charCodeAt(i - start) !== bytes[i]) return undefined;
  return text;
}

/** Keeps `text`, made from `bytes`, in place of another. Only ASCII is compared by bytes. */
export function cacheText(bytes: Uint8Array, start: number, end: number, text: string): void {
  if (text.length === end - start) texts[slotOf(bytes, start, end)] = text;
}

/** FNV-1a. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
