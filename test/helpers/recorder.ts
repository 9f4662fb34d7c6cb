/** Loggers that keep what is logged. */
import type { LogFields, Logger, LogLevel } from "goplug";

/** What was logged with one call. */
export interface Logged {
  readonly level: LogLevel;
  readonly fields: LogFields;
  readonly message: string;
}

/** Makes a logger that keeps its records. */
export function recorder() {
  const records: Logged[] = [];
  const waiting = new Set<() => void>();
  const at = (level: LogLevel) => (fields: LogFields, message: string) => {
    records.push({ level, fields, message });
    for (const look of waiting) look();
  };
  const logger: Logger = {
    trace: at("trace"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
  /** The messages at a level so far. */
  const messages = (level: LogLevel) =>
    records.filter((record) => record.level === level).map(({ message }) => message);
  /** Resolves with the first record of this message, logged already or later. */
  const record = (message: string) =>
    new Promise<Logged>((resolve) => {
      const look = () => {
        const found = records.find((candidate) => candidate.message === message);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { logger, records, messages, record };
}
