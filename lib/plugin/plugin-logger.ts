/** A logger for plugins, whose records arrive in the host's log [PLUGIN-8]. */
import { formatRecord } from "../observe/hclog.js";
import { writeRealStderr } from "../observe/line-writer.js";
import { LOG_LEVELS, type Logger, type LogLevel, loggerOf } from "../observe/logger.js";

/** Options of {@link pluginLogger}. */
export interface PluginLoggerOptions {
  /** The logger's name, `@module` in hclog. By convention its parts are joined with dots. Default: none. */
  readonly name?: string;
  /** The lowest level that is written. Default `trace`: the host filters. */
  readonly level?: LogLevel;
  /**
   * Gets each line, without a newline. Default: writes it to the real stderr, which the host reads as the
   * plugin's log.
   */
  readonly write?: (line: string) => void;
  /** The clock. Default: the system's. */
  readonly now?: () => Date;
}

/**
 * A logger that writes hclog's JSON lines to the real stderr. Hosts, also those in Go, read level and fields from
 * them. Unlike `console.error` it reaches the host's log even after `serve` has redirected stderr.
 */
export function pluginLogger(options: PluginLoggerOptions = {}): Logger {
  const {
    name,
    level: lowest = "trace",
    write = writeRealStderr,
    now = () => new Date(),
  } = options;
  const isWritten = (level: LogLevel) => LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(lowest);
  return loggerOf((level) => (fields, message) => {
    if (isWritten(level)) write(formatRecord({ level, message, fields }, now(), name));
  });
}
