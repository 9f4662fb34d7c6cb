import { formatRecord } from "../observe/hclog.js";
import { writeRealStderr } from "../observe/line-writer.js";
import type { LogFields, Logger, LogLevel } from "../observe/logger.js";

export interface PluginLoggerOptions {
  /** hclog's name of the logger; parts are joined with dots. */
  readonly name?: string;
  /** Records below it are not written. Default `trace`: the host decides. */
  readonly level?: LogLevel;
  /** Where a line goes. Default: the real stderr, which the host reads as the plugin's log. */
  readonly write?: (line: string) => void;
  readonly now?: () => Date;
}

const ORDER: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

/**
 * A logger for plugins: hclog JSON lines on the real stderr, which hosts, Go's among them, take in with
 * level and fields intact. Unlike `console.error` it reaches the host's log also after `serve`.
 */
export function pluginLogger(options: PluginLoggerOptions = {}): Logger {
  const { name, level = "trace", write = writeRealStderr, now = () => new Date() } = options;
  const lowest = ORDER.indexOf(level);
  const at = (own: LogLevel) => (fields: LogFields, message: string) => {
    if (ORDER.indexOf(own) >= lowest)
      write(formatRecord({ level: own, message, fields }, now(), name));
  };
  return {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
}
