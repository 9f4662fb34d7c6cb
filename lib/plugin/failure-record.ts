/** Why a plugin could not begin, as a record of its log [PLUGIN-12]. */
import { isPluginError } from "../errors.js";
import type { LogRecord } from "../observe/hclog.js";

/** The record, with Go's message. The stack is that of the first cause, if it is a mistake in a program. */
export function failureRecord(error: unknown): LogRecord {
  const code = isPluginError(error) ? { code: error.code } : {};
  const root = rootOf(error);
  const stack = isMistake(root) ? root.stack : undefined;
  return {
    level: "error",
    message: "plugin init error",
    fields: { error: textOf(error), ...code, ...(stack === undefined ? {} : { stack }) },
  };
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;

const isMistake = (root: unknown): root is Error =>
  root instanceof TypeError || root instanceof ReferenceError || root instanceof RangeError;
