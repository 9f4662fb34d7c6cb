/** How a plugin notices that its host has gone [PLUGIN-9]. */
import { whenArrivalsHandled } from "../../protocol/async/timer.js";
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
  const isAlone = (): boolean => options.connectionCount() === 0 && !hasReader();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    clearInterval(timer);
  };
  const leave = (): void => {
    if (isOver || !isAlone()) return;
    end();
    options.onHostGone();
  };
  // A host may have connected while our own process was blocked: its connection waits to be accepted.
  const check = (): void => {
    if (isAlone()) whenArrivalsHandled(leave, undefined);
  };
  const timer = setInterval(check, CHECK_MS).unref();
  return end;
}
