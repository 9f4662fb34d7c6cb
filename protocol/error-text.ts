/** What to say of something that was thrown, which may be anything. */
import { inspect, types } from "node:util";

/** An error, also one of another realm, such as those of `node:vm` and of test runners that use it. */
const isError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error || types.isNativeError(thrown);

/** On one line and bounded: it goes to the peer and to logs. */
const SHORT = {
  depth: 2,
  compact: true,
  breakLength: Number.POSITIVE_INFINITY,
  maxArrayLength: 20,
} as const;
const MAX_LENGTH = 1000;

/**
 * The text of what was thrown: the message of an error, a text itself, and for everything else what it is. Never empty:
 * Go takes an empty text for success [NETRPC-9].
 */
export function errorText(thrown: unknown): string {
  try {
    const text = String(textOf(thrown));
    return text === "" ? `${isError(thrown) ? thrown.name : "error"} without a message` : text;
  } catch {
    // Anything can be thrown, also what has no text.
    return "error without a text";
  }
}

function textOf(thrown: unknown): unknown {
  if (typeof thrown === "string") return thrown;
  if (thrown instanceof AggregateError && thrown.message === "") return joined(thrown);
  if (isError(thrown)) return thrown.message;
  if (hasMessage(thrown)) return thrown.message;
  if (hasText(thrown)) return thrown;
  const text = inspect(thrown, SHORT);
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`;
}

/** `Promise.any`, and a connection that was tried at several addresses, have errors and no message. */
const joined = ({ name, errors }: AggregateError): string =>
  errors.length === 0 ? "" : `${name}: ${errors.slice(0, 10).map(errorText).join("; ")}`;

const hasMessage = (thrown: unknown): thrown is { readonly message: string } =>
  typeof thrown === "object" &&
  thrown !== null &&
  typeof (thrown as { message?: unknown }).message === "string";

/** Whether its class says how it is written as a text. */
const hasText = (thrown: unknown): boolean =>
  typeof thrown === "object" &&
  thrown !== null &&
  !Array.isArray(thrown) &&
  "toString" in thrown &&
  thrown.toString !== Object.prototype.toString;

/** The stack of an error. A program may make the text itself, with a function that fails. */
export function stackOf(thrown: unknown): string | undefined {
  try {
    return isError(thrown) && typeof thrown.stack === "string" ? thrown.stack : undefined;
  } catch {
    return undefined;
  }
}

/** JavaScript's own errors for a mistake in a program. */
const MISTAKES: ReadonlySet<string> = new Set([
  "TypeError",
  "ReferenceError",
  "RangeError",
  "SyntaxError",
  "AssertionError",
]);

/** Whether it shows a mistake in the program that threw it: what no program throws on purpose. */
export const isMistake = (thrown: unknown): boolean =>
  !isError(thrown) || MISTAKES.has(thrown.name);
