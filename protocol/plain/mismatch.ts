import { CodecError, type CodecErrorCode, isCodecError } from "../errors.js";

/**
 * A value that does not fit, on its way out to the entry of the codec, where it becomes a CodecError.
 * Not an Error: no stack is captured before there is something to tell.
 */
export class Mismatch {
  readonly code: CodecErrorCode;
  readonly detail: string;
  readonly typeName: string | undefined;
  readonly cause: unknown;
  /** From the inside out: `[".X", "[3]", ".Kids"]`. */
  readonly path: string[] = [];

  constructor(code: CodecErrorCode, detail: string, typeName?: string, cause?: unknown) {
    this.code = code;
    this.detail = detail;
    this.typeName = typeName;
    this.cause = cause;
  }
}

export function refuse(code: CodecErrorCode, detail: string, typeName?: string): never {
  throw new Mismatch(code, detail, typeName);
}

/** What to rethrow where `error` passed through the part `part` of a value: `.X`, `[3]`. */
export function at(error: unknown, part: string): Mismatch {
  const mismatch = asMismatch(error);
  mismatch.path.push(part);
  return mismatch;
}

function asMismatch(error: unknown): Mismatch {
  if (error instanceof Mismatch) return error;
  if (error instanceof RangeError && error.message.includes("call stack")) {
    return new Mismatch("limit", "value nests too deep for the stack");
  }
  const text = error instanceof Error ? error.message : String(error);
  const code = isCodecError(error) ? error.code : "codec-failed";
  return new Mismatch(code, text, undefined, error);
}

/** @param layer - `msgpack` or `json`. @param root - names the outermost type, for the path. */
export function toCodecError(error: unknown, layer: string, root: string): CodecError {
  const { code, detail, typeName, cause, path } = asMismatch(error);
  const where = path.length === 0 ? undefined : (root + path.toReversed().join("")).slice(+!root);
  const message = where === undefined ? `${layer}: ${detail}` : `${layer}: ${where}: ${detail}`;
  const facts = { path: where, typeName };
  return new CodecError(code, message, cause === undefined ? facts : { ...facts, cause });
}

/** A value of the wrong kind, in a word or two. */
export function shapeOf(value: unknown): string {
  if (value === null || value === undefined) return "nil";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
    return `${typeof value} ${String(value)}`;
  }
  if (Array.isArray(value)) return "array";
  if (value instanceof Uint8Array) return "bytes";
  return typeof value === "object" ? "map" : typeof value;
}
