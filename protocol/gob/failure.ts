/**
 * Failures of gob. To those of `schema/failure.ts` it adds the offset in the stream, whether the stream goes
 * on, and Go's error texts. {@link MORE} is not a failure, but it is thrown and caught like one.
 */
import type { CodecError, CodecErrorCode } from "../errors.js";
import {
  at as atPart,
  Failure,
  type FailureFacts,
  publicError,
  asFailure as toFailure,
  shapeOf as typeText,
} from "../schema/failure.js";

/** The facts of a failure in a gob stream. */
export interface GobFacts extends FailureFacts {
  /** Where in the stream, in bytes from its start. */
  readonly offset?: number;
  /** `detail` is Go's whole text: the message starts with it, and our facts follow in parentheses. */
  readonly isGoText?: boolean;
  /** The receiver's type, if a number does not fit it. Go has a special text for that. */
  readonly rangeOf?: string;
  /** Framing is lost and no later message can be found, or nobody knows the types of later values. */
  readonly breaksStream?: boolean;
}

/** A read throws this when the value goes on in a message that has not arrived yet. */
export const MORE: unique symbol = Symbol("gob.more");

const TOO_DEEP = "value nests too deep for the stack, see maxDepth";

/** Throws a failure with gob's facts. */
export function fail(code: CodecErrorCode, detail: string, facts: GobFacts = {}): never {
  throw new Failure(code, detail, facts);
}

/** The error to rethrow when `error` leaves the part `part` of a value: `.X`, `[3]`. */
export const at = (error: unknown, part: string): unknown =>
  error === MORE ? MORE : atPart(error, part, TOO_DEEP);

/** Anything that was thrown, as a failure. */
export const asFailure = (error: unknown): Failure<GobFacts> => toFailure(error, TOO_DEEP);

/** Calls `run`, and turns its failures into public errors. */
export function publicly<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw toCodecError(error, "");
  }
}

/** The public form of a failure. `root` names the outermost type, for the path. */
export function toCodecError(error: unknown, root: string): CodecError {
  const failure = asFailure(error);
  const { offset } = failure.facts;
  const path = failure.pathFrom(root);
  return publicError(failure, toMessage(failure, path), { offset, path });
}

function toMessage(failure: Failure<GobFacts>, path: string | undefined): string {
  const { offset, isGoText } = failure.facts;
  const place = offset === undefined ? "" : `offset ${offset}`;
  if (isGoText === true) {
    const facts = [path === undefined ? "" : `at ${path}`, place].filter((fact) => fact !== "");
    return facts.length === 0 ? failure.detail : `${failure.detail} (${facts.join(", ")})`;
  }
  const detail = detailText(failure);
  const text = path === undefined ? `gob: ${detail}` : `gob: ${path}: ${detail}`;
  return place === "" ? text : `${text} (${place})`;
}

/** [GOB-32] For a number out of range Go names the innermost field, or the type at the top. */
function detailText({ detail, facts: { rangeOf }, path }: Failure<GobFacts>): string {
  // A codec's error may come from another gob stream and carry the prefix already.
  if (rangeOf === undefined) return detail.replace(/^gob: /, "");
  const field = path.findIndex((part) => part.startsWith("."));
  const name = field < 0 ? `*${rangeOf}` : path[field]?.slice(1);
  const isElement = path[0]?.startsWith("[") === true;
  return `value for "${isElement ? "element of " : ""}${name}" out of range: ${detail}`;
}

/** Names a value of the wrong kind; an object by its class. */
export function shapeOf(value: unknown): string {
  const text = typeText(value);
  if (text !== "object") return text;
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? name : text;
}

/** A map key in a path. */
export function keyText(key: unknown): string {
  if (typeof key === "string")
    return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
  return typeof key === "object" ? "key" : String(key);
}
