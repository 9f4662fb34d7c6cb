/**
 * How a value that does not fit is reported, by gob and by the plain formats alike. The place that finds
 * the fault throws a {@link Failure}, each level of the value adds its part of the path, and the codec's
 * entry turns the result into a public CodecError with the format's own message.
 */
import { errorText } from "../error-text.js";
import { CodecError, type CodecErrorCode, isCodecError, type MismatchReason } from "../errors.js";

/** The facts of a failure besides its code and text. A format may add its own. */
export interface FailureFacts {
  /** The error of a user's codec or marshaler. */
  readonly cause?: unknown;
  /** The Go type wanted. */
  readonly typeName?: string;
  /** What the peer has in its place. */
  readonly got?: string;
  /** How the types differ. */
  readonly reason?: MismatchReason;
}

/**
 * Travels from the place that fails to the codec's entry. It is not an Error, because capturing a stack
 * is slow: the CodecError made at the entry has the stack that helps, which shows the user's call.
 */
export class Failure<F extends FailureFacts = FailureFacts> {
  readonly code: CodecErrorCode;
  readonly detail: string;
  readonly facts: F;
  /** From the inside out: `[".X", "[3]", ".Kids"]`. */
  readonly path: string[] = [];

  constructor(code: CodecErrorCode, detail: string, facts: F) {
    this.code = code;
    this.detail = detail;
    this.facts = facts;
  }

  /** The failing part from the outermost value: `Point.Y`, `Tree.Kids[3].V`; undefined for the whole. */
  pathFrom(root: string): string | undefined {
    return this.path.length === 0 ? undefined : (root + pathText(this.path)).replace(/^\./, "");
  }
}

/** Throws a {@link Failure}. */
export function fail(code: CodecErrorCode, detail: string, facts: FailureFacts = {}): never {
  throw new Failure(code, detail, facts);
}

const TOO_DEEP = "value nests too deep for the stack";

/** The failure to rethrow when `error` leaves the part `part` of a value: `.X`, `[3]`. */
export function at(error: unknown, part: string, tooDeep = TOO_DEEP): Failure {
  const failure = asFailure(error, tooDeep);
  failure.path.push(part);
  return failure;
}

/**
 * A failure stays as it is. Errors of users' code and of an exhausted stack become failures.
 *
 * @param tooDeep - the text for an exhausted stack.
 */
export function asFailure(error: unknown, tooDeep = TOO_DEEP): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof RangeError && error.message.includes("call stack")) {
    return new Failure("limit", tooDeep, {});
  }
  const code = isCodecError(error) ? error.code : "codec-failed";
  return new Failure(code, errorText(error), { cause: error });
}

/** The public form of a failure, once its format has made the message. */
export function publicError(
  { code, facts: { cause, typeName, got, reason } }: Failure,
  message: string,
  where: { readonly path: string | undefined; readonly offset?: number | undefined },
): CodecError {
  const facts = { ...where, typeName, got, reason };
  return new CodecError(code, message, cause === undefined ? facts : { ...facts, cause });
}

/** From the outside in; of a long path the beginning and the end. */
function pathText(path: readonly string[]): string {
  const parts = path.toReversed();
  if (parts.length <= 20) return parts.join("");
  return `${parts.slice(0, 10).join("")}…${parts.slice(-5).join("")}`;
}

/** Names a value of the wrong kind: `number 5`, `string`, `null`, `array`, `object`. */
export function shapeOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
    return `${typeof value} ${String(value)}`;
  }
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
