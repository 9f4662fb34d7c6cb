/** What ends a plugin's process. */
import { errorText, stackOf } from "../../protocol/error-text.js";
import type { Logger } from "../observe/logger.js";
import { BLOCKED_TEXT, watchLoop } from "../observe/watch-loop.js";
import type { PluginServer } from "./plugin-server.js";
import { watchHost } from "./watch-host.js";

/** Signals that end a plugin in an orderly way. A Go plugin dies at once and leaves its socket file behind. */
const END_SIGNALS = ["SIGTERM", "SIGHUP"] as const;

/**
 * Waits for a reason to end: a host's Quit, a signal, or a host that has gone. An error that nobody caught ends
 * the process here, with code 1.
 *
 * @param exitWithHost - whether a host that has gone is a reason.
 */
export function watchEnd(
  server: PluginServer,
  logger: Logger,
  exitWithHost: boolean,
): Promise<void> {
  return new Promise((resolve) => {
    server.quit.then(resolve);
    // A terminal sends Ctrl-C to host and plugin. The host decides how the plugin ends.
    let interrupts = 0;
    process.on("SIGINT", () => {
      logger.trace({ count: ++interrupts }, "plugin received interrupt signal, ignoring");
    });
    for (const signal of END_SIGNALS) process.once(signal, () => resolve());
    watchLoop((blockedMs) => logger.warn({ blockedMs }, BLOCKED_TEXT));
    if (exitWithHost) {
      watchHost({ connectionCount: () => server.connectionCount, onHostGone: resolve });
    }
    process.once("uncaughtException", (error) => endBadly(server, logger, error));
    process.once("unhandledRejection", (error) => endBadly(server, logger, error));
  });
}

/** Every waiting caller and the log get the error before the process ends [PLUGIN-10]. */
async function endBadly(server: PluginServer, logger: Logger, error: unknown): Promise<void> {
  const message = errorText(error);
  const stack = stackOf(error);
  logger.error({ error: message, stack }, "uncaught error in plugin");
  server.fail(`plugin ended by an uncaught error: ${message}`);
  await server.close();
  process.exit(1);
}
