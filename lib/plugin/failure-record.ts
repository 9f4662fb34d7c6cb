/** Why a plugin could not begin, as a record of its log [PLUGIN-12]. */
import { errorText, isMistake, stackOf } from "../../protocol/error-text.js";
import { isPluginError } from "../errors.js";
import type { LogRecord } from "../observe/hclog.js";

/** The record, with Go's message. The stack is that of the first cause, if it is a mistake in a program. */
export function failureRecord(error: unknown): LogRecord {
  const code = isPluginError(error) ? { code: error.code } : {};
  const root = rootOf(error);
  const stack = isMistake(root) ? stackOf(root) : undefined;
  return {
    level: "error",
    message: "plugin init error",
    fields: { error: errorText(error), ...code, ...(stack === undefined ? {} : { stack }) },
  };
}

const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
