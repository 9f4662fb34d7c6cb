/** How a plugin notices that its host has gone [PLUGIN-9]. */
import { stdoutProbe } from "./stdout-probe.js";

/** How often a plugin without a connection checks, in milliseconds. */
const CHECK_MS = 1000;

/** What is watched, and what happens. */
export interface HostWatchOptions {
  /** How many hosts are connected. */
  readonly connectionCount: () => number;
  /** Called once. */
  readonly onHostGone: () => void;
  /** Whether somebody still reads our stdout. Default: {@link stdoutProbe}. */
  readonly hasReader?: () => boolean;
}

/**
 * Watches for the moment when no host is connected and nobody reads our stdout any more. The pid of the
 * parent process does not tell, because hosts may start plugins through a shell. Returns what ends the watch.
 */
export function watchHost(options: HostWatchOptions): () => void {
  const hasReader = options.hasReader ?? stdoutProbe();
  const timer = setInterval(() => {
    if (options.connectionCount() > 0 || hasReader()) return;
    clearInterval(timer);
    options.onHostGone();
  }, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
