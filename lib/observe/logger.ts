/** hclog's levels, which are most loggers' too. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

export type LogFields = Readonly<Record<string, unknown>>;

/** What goplug logs to: pino's shape, and that of everything like it. */
export type Logger = {
  readonly [L in LogLevel]: (fields: LogFields, message: string) => void;
};

const LEVELS: readonly string[] = ["trace", "debug", "info", "warn", "error"];

export const isLogLevel = (text: string): text is LogLevel => LEVELS.includes(text);

const silent = () => {};

/** Logs nothing: the default. */
export const NULL_LOGGER: Logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
};

/** A logger whose failures are nobody's: a log call must never change what is logged. */
export function guarded(logger: Logger): Logger {
  const guard = (level: LogLevel) => (fields: LogFields, message: string) => {
    try {
      logger[level](fields, message);
    } catch {
      // There is no place to tell it.
    }
  };
  return {
    trace: guard("trace"),
    debug: guard("debug"),
    info: guard("info"),
    warn: guard("warn"),
    error: guard("error"),
  };
}
