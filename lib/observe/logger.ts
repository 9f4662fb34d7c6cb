/** What goplug logs to: the interface that users implement, and loggers that need no user. */

/** hclog's levels, which most loggers share. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** What belongs to a log message, by name. Values may be anything; the logger decides how it shows them. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A function for each level, called as pino's are: fields first, then the message. */
export type Logger = {
  readonly [L in LogLevel]: (fields: LogFields, message: string) => void;
};

/** All levels, the least severe first. */
export const LOG_LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

/** Whether `text` is hclog's name of a level. */
export const isLogLevel = (text: string): text is LogLevel =>
  (LOG_LEVELS as readonly string[]).includes(text);

/** A logger made of one function for each level. */
export const loggerOf = (at: (level: LogLevel) => Logger[LogLevel]): Logger => ({
  trace: at("trace"),
  debug: at("debug"),
  info: at("info"),
  warn: at("warn"),
  error: at("error"),
});

/** Logs nothing. */
export const NULL_LOGGER: Logger = loggerOf(() => () => {});

/** The user's logger, or one that logs nothing. A log call that throws must not change what is logged. */
export function guarded(logger: Logger | undefined): Logger {
  if (logger === undefined) return NULL_LOGGER;
  return loggerOf((level) => (fields, message) => {
    try {
      logger[level](fields, message);
    } catch {
      // There is no place to report it.
    }
  });
}

/** Takes a failure that no caller sees: what was being done, and the error. */
export type OnFailure = (text: string, error: unknown) => void;

/** Logs such failures at level `error`. */
export const failuresTo =
  (logger: Logger): OnFailure =>
  (text, error) =>
    logger.error({ error: String(error) }, text);
