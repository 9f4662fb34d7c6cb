/** The log of a plugin that we launched: what it writes on its real stderr [PLUGIN-8]. */
import { basename } from "node:path";
import { LogReader } from "../observe/log-reader.js";
import type { ClientConfig } from "./client-config.js";
import { outputCopy } from "./plugin-output.js";
import type { Runner } from "./process/runner.js";
import type { StartContext } from "./running-plugin.js";

const DEFAULT_LOG_BUFFER_BYTES = 65_536;

/** Reads stderr for three users: a copy of the bytes, the tail for errors, and the records for the logger. */
export function readLog(
  runner: Runner,
  config: ClientConfig,
  { stderrTail, logger }: Pick<StartContext, "stderrTail" | "logger">,
): void {
  const { stderr } = runner;
  const plugin = basename(runner.name);
  const reader = new LogReader(
    ({ level, message, fields }) => logger[level]({ plugin, ...fields }, message),
    config.pluginLogBufferSize ?? DEFAULT_LOG_BUFFER_BYTES,
  );
  const copy = outputCopy(config.stderr, {
    logger,
    fields: { plugin },
    text: "the reader of stderr is too slow, output was dropped",
  });
  stderr.on("data", (chunk: Buffer) => {
    stderrTail.push(chunk);
    copy?.write(chunk);
    if (config.logger !== undefined) reader.push(chunk);
  });
  stderr.once("end", () => {
    reader.end();
    copy?.end();
  });
  stderr.on("error", (error) => logger.error({ error: error.message }, "reading plugin stderr"));
}
