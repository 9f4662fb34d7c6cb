import type { Readable } from "node:stream";
import type { Handle } from "./keep-alive.js";

/** How a plugin's process ended. Exactly one of the two is set. */
export interface ExitFacts {
  readonly exitCode: number | undefined;
  /** `SIGKILL` and the like. */
  readonly signal: string | undefined;
}

/**
 * Starts and ends a plugin, wherever it runs. The default starts a child process; another may use a
 * container. Go: `runner.Runner`.
 */
export interface Runner {
  /** A human name; its last path element names the plugin in logs. */
  readonly name: string;
  /** The process id, container id, …; empty before the start. */
  readonly id: string;
  /** The handshake line, then whatever the plugin prints. Valid after `start`. */
  readonly stdout: Readable;
  /** The plugin's log. Valid after `start`. */
  readonly stderr: Readable;
  /** Resolves when the plugin has ended, and never rejects. Its output may still be on its way. */
  readonly exited: Promise<ExitFacts>;
  /** What keeps our process alive while we wait for the plugin. */
  readonly handles: readonly Handle[];
  /** Starts the plugin; rejects when it could not be started. Called once. */
  start(): Promise<void>;
  /** Ends it by force. May be called again, also after the end. */
  kill(): void;
  /** Text for the error about a first line that is no handshake: what may be wrong with the program. */
  diagnose(): Promise<string>;
}
