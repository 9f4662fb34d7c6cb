/** Copies what a plugin prints to a stream of the host's user. */
import type { Writable } from "node:stream";
import { BoundedWriter } from "../observe/bounded-writer.js";
import type { LogFields, Logger } from "../observe/logger.js";

/** What the log says when the user's stream was too slow and output was dropped. */
export interface DropWarning {
  readonly logger: Logger;
  /** The number of dropped bytes is added to them. */
  readonly fields: LogFields;
  readonly text: string;
}

/** A writer that never blocks the plugin; undefined if the user gave no stream. */
export function outputCopy(
  to: Writable | undefined,
  { logger, fields, text }: DropWarning,
): BoundedWriter | undefined {
  return to && new BoundedWriter(to, (bytes) => logger.warn({ ...fields, bytes }, text));
}
