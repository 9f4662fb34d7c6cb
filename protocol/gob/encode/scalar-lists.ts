/**
 * Writes long lists of numbers and strings, in loops without a call per element where possible. Each function
 * stops at the first value that it cannot take, and returns how many it has written. The caller goes on there,
 * one by one, and reports the error.
 */
import { type GobWriter, MAX_UINT_BYTES } from "./writer.js";

/** Elements for which room is reserved at a time. The worst case of a whole list would be many times its bytes. */
const STRETCH = 1024;

/** Reserves room for the stretch that begins at `from`, and returns where it ends. */
function reserveStretch(w: GobWriter, values: readonly unknown[], from: number): number {
  const end = Math.min(values.length, from + STRETCH);
  w.reserve(MAX_UINT_BYTES * (end - from));
  return end;
}

/** [GOB-3] Numbers as float64. */
export function writeFloats(w: GobWriter, values: readonly unknown[]): number {
  let done = 0;
  while (done < values.length) {
    const end = reserveStretch(w, values, done);
    done = floatsTo(w, values, done, end);
    if (done < end) break;
  }
  return done;
}

/** The writer's state is in variables here, and goes back to it around each call. */
function floatsTo(w: GobWriter, values: readonly unknown[], from: number, end: number): number {
  const { bytes, view } = w;
  let { pos } = w;
  let i = from;
  for (; i < end; i++) {
    const value = values[i];
    if (typeof value !== "number") break;
    view.setFloat64(pos + 1, value, true);
    // The highest byte of the reversed double. Unless it is 0, all eight bytes are sent.
    if (bytes[pos + 1] !== 0) {
      bytes[pos] = 0xf8;
      pos += MAX_UINT_BYTES;
    } else {
      w.pos = pos;
      w.float(value);
      pos = w.pos;
    }
  }
  w.pos = pos;
  return i;
}

/** [GOB-2] Integers from `min` to `max`. */
export function writeInts(
  w: GobWriter,
  values: readonly unknown[],
  min: number,
  max: number,
): number {
  let done = 0;
  while (done < values.length) {
    const end = reserveStretch(w, values, done);
    done = intsTo(w, values, done, end, min, max);
    if (done < end) break;
  }
  return done;
}

function intsTo(
  w: GobWriter,
  values: readonly unknown[],
  from: number,
  end: number,
  min: number,
  max: number,
): number {
  const { bytes } = w;
  let { pos } = w;
  let i = from;
  for (; i < end; i++) {
    const value = values[i];
    if (typeof value !== "number" || !(value >= min && value <= max)) break;
    const whole = value | 0;
    // Small enough to be doubled within 31 bits: arithmetic on small integers, without a float.
    if (value === whole && whole < 0x4000_0000 && whole >= -0x4000_0000) {
      const bits = (whole << 1) ^ (whole >> 31);
      if (bits < 0x80) bytes[pos++] = bits;
      else if (bits < 0x100) {
        bytes[pos] = 0xff;
        bytes[pos + 1] = bits;
        pos += 2;
      } else {
        w.pos = pos;
        w.words(0, bits);
        pos = w.pos;
      }
    } else if (Number.isInteger(value)) {
      w.pos = pos;
      w.int(value);
      pos = w.pos;
    } else break;
  }
  w.pos = pos;
  return i;
}

/** [GOB-1] Integers from 0 to `max`. */
export function writeUints(w: GobWriter, values: readonly unknown[], max: number): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "number" || !(value >= 0 && value <= max)) return i;
    if (!Number.isInteger(value)) return i;
    w.uint(value);
  }
  return values.length;
}

/** [GOB-5] Strings. */
export function writeStrings(w: GobWriter, values: readonly unknown[]): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "string") return i;
    w.string(value);
  }
  return values.length;
}
