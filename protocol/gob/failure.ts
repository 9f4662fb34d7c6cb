import { CodecError, type CodecErrorCode, isCodecError } from "../errors.js";

/**
 * What travels from the place that fails to the entry of the codec, collecting the path on its way.
 * Not an Error: no stack is captured before there is something to tell.
 */
export class Failure {
  readonly code: CodecErrorCode;
  readonly detail: string;
  readonly facts: FailureFacts;
  /** From the inside out: `[".X", "[3]", ".Kids"]`. */
  readonly path: string[] = [];

  constructor(code: CodecErrorCode, detail: string, facts: FailureFacts = {}) {
    this.code = code;
    this.detail = detail;
    this.facts = facts;
  }
}

export interface FailureFacts {
  readonly cause?: unknown;
  readonly typeName?: string;
  readonly offset?: number;
  /** `detail` is Go's whole text: the message starts with it, and our facts follow in parentheses. */
  readonly isGoText?: boolean;
  /** A number is beyond this type of the receiver; Go says so in its own way. */
  readonly rangeOf?: string;
  /** Framing is lost: no later message can be found. */
  readonly breaksStream?: boolean;
}

/** What a read throws when the value goes on in a message that has not arrived yet. */
export const MORE: unique symbol = Symbol("gob.more");

export function fail(code: CodecErrorCode, detail: string, facts?: FailureFacts): never {
  throw new Failure(code, detail, facts);
}

/** What to rethrow where `error` passed through the part `part` of a value: `.X`, `[3]`. */
export function at(error: unknown, part: string): unknown {
  if (error === MORE) return MORE;
  const failure = asFailure(error);
  failure.path.push(part);
  return failure;
}

/** Our own failures as they are; what user code threw and a full stack as failures. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof RangeError && error.message.includes("call stack")) {
    return new Failure("limit", "value nests too deep for the stack, see maxDepth");
  }
  const text = error instanceof Error ? error.message : String(error);
  const code = isCodecError(error) ? error.code : "codec-failed";
  return new Failure(code, text.replace(/^gob: /, ""), { cause: error });
}

/** Runs what fails in our own way for callers that get public errors. */
export function publicly<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw toCodecError(error, "");
  }
}

/** The public form of a failure. `root` names the outermost type, for the path. */
export function toCodecError(error: unknown, root: string): CodecError {
  const { code, detail, facts, path } = asFailure(error);
  const where = path.length === 0 ? "" : root + pathText(path);
  const { cause, offset, typeName } = facts;
  const more = { offset, path: where === "" ? undefined : where.replace(/^\./, ""), typeName };
  const text = facts.rangeOf === undefined ? detail : rangeText(facts.rangeOf, path, detail);
  const message = toMessage(text, more.path, offset, facts.isGoText === true);
  return new CodecError(code, message, cause === undefined ? more : { ...more, cause });
}

/** From the outside in; of a long one the beginning and the end. */
function pathText(path: readonly string[]): string {
  const parts = path.toReversed();
  if (parts.length <= 20) return parts.join("");
  return `${parts.slice(0, 10).join("")}…${parts.slice(-5).join("")}`;
}

/** [GOB-32] Go names the innermost field, or the type at the top. */
function rangeText(typeName: string, path: readonly string[], detail: string): string {
  const field = path.findIndex((part) => part.startsWith("."));
  const name = field < 0 ? `*${typeName}` : path[field]?.slice(1);
  const isElement = path[0]?.startsWith("[") === true;
  return `value for "${isElement ? "element of " : ""}${name}" out of range: ${detail}`;
}

function toMessage(
  detail: string,
  path: string | undefined,
  offset: number | undefined,
  isGoText: boolean,
): string {
  const place = offset === undefined ? "" : `offset ${offset}`;
  if (isGoText) {
    const facts = [path === undefined ? "" : `at ${path}`, place].filter((fact) => fact !== "");
    return facts.length === 0 ? detail : `${detail} (${facts.join(", ")})`;
  }
  const text = path === undefined ? `gob: ${detail}` : `gob: ${path}: ${detail}`;
  return place === "" ? text : `${text} (${place})`;
}

/** A value of the wrong kind, in a word or two. */
export function shapeOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
    return `${typeof value} ${String(value)}`;
  }
  if (typeof value !== "object") return typeof value;
  if (Array.isArray(value)) return "array";
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "object";
}

/** A map key in a path. */
export function keyText(key: unknown): string {
  if (typeof key === "string")
    return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
  return typeof key === "object" ? "key" : String(key);
}
