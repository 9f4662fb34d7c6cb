import { stdoutProbe } from "./stdout-probe.js";

/** How often a plugin without a connection looks for its host, in milliseconds. */
const LOOK_MS = 1000;

export interface HostWatchOptions {
  readonly connectionCount: () => number;
  readonly onHostGone: () => void;
  /** Whether the host still reads our stdout. Default: asks the real one. */
  readonly hasReader?: () => boolean;
}

/**
 * Notices that the host has gone: no connection, and nobody reads stdout any more [PLUGIN-9]. The
 * parent's pid does not tell, because hosts start plugins through a shell. Returns what ends the watch.
 */
export function watchHost(options: HostWatchOptions): () => void {
  const hasReader = options.hasReader ?? stdoutProbe();
  const timer = setInterval(() => {
    if (options.connectionCount() > 0 || hasReader()) return;
    clearInterval(timer);
    options.onHostGone();
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
