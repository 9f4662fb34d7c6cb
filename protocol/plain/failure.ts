/** The error texts of the plain formats, for the failures of `schema/failure.ts`. */
import type { CodecError } from "../errors.js";
import { asFailure, fail, publicError, shapeOf as typeText } from "../schema/failure.js";
import { PlainNode } from "./format.js";

/**
 * The public form of a failure.
 *
 * @param layer - `msgpack` or `json`.
 * @param root - the name of the outermost type, which begins the path.
 */
export function toCodecError(error: unknown, layer: string, root: string): CodecError {
  const failure = asFailure(error);
  const path = failure.pathFrom(root);
  const place = path === undefined ? layer : `${layer}: ${path}`;
  return publicError(failure, `${place}: ${failure.detail}`, { path });
}

/** Throws that only gob has a form for this kind of schema. */
export const failKind = (kind: string): never =>
  fail("bad-value", `${kind} has no form in this format`);

/** Names a value of the wrong kind in the words of these formats. */
export function shapeOf(value: unknown): string {
  if (value === null || value === undefined) return "nil";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof PlainNode) return value.shape;
  const text = typeText(value);
  return text === "object" ? "map" : text;
}

/** [GOB-38] Throws that two keys of a map are one here. */
export function failTwins(one: unknown, other: unknown): never {
  const text = `keys ${shapeOf(one)} and ${shapeOf(other)} of the map are the same in JavaScript, but not in Go`;
  return fail("type-mismatch", `${text}; dynamic() keeps both`, { reason: "keys" });
}

/** An entry of a map in a path. */
export function entryPart(key: unknown): string {
  const isText = typeof key !== "object" || key === null;
  return `[${JSON.stringify(isText ? String(key) : shapeOf(key)).slice(0, 40)}]`;
}
