import type { LogFields, Logger, LogLevel } from "goplug";

/** One call of a logger. */
export interface Logged {
  readonly level: LogLevel;
  readonly fields: LogFields;
  readonly message: string;
}

/** A logger that keeps its records, and a way to wait for one. */
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
  /** The first record with this message, now or later. */
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
  return { logger, records, record };
}
