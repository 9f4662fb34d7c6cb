/** One record of hclog as a line of JSON: plugins write it on stderr, hosts read it [PLUGIN-8]. */
import { isLogLevel, type LogFields, type LogLevel } from "./logger.js";

/** What a plugin logged. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/**
 * Reads a line that hclog wrote. Undefined for every other line. Never throws.
 *
 * A time becomes the field `timestamp`; `@module` stays a field.
 */
export function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { "@level": level, "@message": message = "", "@timestamp": time, ...fields } = parsed;
  // Go's host crashes on members that are not strings. Here such a line is plain text.
  if (typeof level !== "string" || typeof message !== "string") return undefined;
  if (time !== undefined && typeof time !== "string") return undefined;
  const name = level.trim().toLowerCase();
  if (!isLogLevel(name)) return undefined;
  return {
    level: name,
    message,
    fields: time === undefined ? fields : { ...fields, timestamp: time },
  };
}

/**
 * The line for `record`, without its newline. A Go host reads level, message and fields back unchanged.
 *
 * Fields that JSON cannot hold are replaced by a warning, as hclog does.
 */
export function formatRecord(record: LogRecord, now: Date, module?: string): string {
  const base = {
    "@level": record.level,
    "@message": record.message,
    ...(module === undefined ? {} : { "@module": module }),
    // Exactly six digits of a second: with another number Go treats the line as plain text.
    "@timestamp": now.toISOString().replace("Z", "000Z"),
  };
  try {
    return JSON.stringify({ ...base, ...record.fields }, plain);
  } catch {
    const warning = "logging contained values that don't serialize to json";
    return JSON.stringify({ ...base, "@warn": warning });
  }
}

/** JSON shows an Error as `{}` and fails on a bigint. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) return value.message;
  return typeof value === "bigint" ? value.toString() : value;
}
