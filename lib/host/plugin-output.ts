/** Copies what a plugin prints to a stream of the host's user. */
import type { Writable } from "node:stream";
import { BoundedWriter, type PausableSource } from "../observe/bounded-writer.js";
import type { LogFields, Logger } from "../observe/logger.js";

/** What the log says when the user's stream was too slow and output was dropped. */
export interface DropWarning {
  readonly logger: Logger;
  /** The number of dropped bytes is added to them. */
  readonly fields: LogFields;
  readonly text: string;
}

/**
 * A writer that never blocks the plugin for ever; undefined if the user gave no stream.
 *
 * @param source - waits for the user's stream. Default: what that does not take in time is dropped.
 */
export function outputCopy(
  to: Writable | undefined,
  { logger, fields, text }: DropWarning,
  source?: PausableSource,
): BoundedWriter | undefined {
  const onDropped = (bytes: number) => logger.warn({ ...fields, bytes }, text);
  return to && new BoundedWriter(to, { onDropped, source });
}
