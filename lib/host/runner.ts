import type { Readable } from "node:stream";
import type { ExitFacts } from "../errors.js";
import type { Handle } from "../keep-alive.js";
import type { Address } from "../net/socket.js";

/** A plugin that runs, whoever started it. Go: `runner.AttachedRunner`. */
export interface AttachedRunner {
  /** The process id, container id, …; empty before the start. */
  readonly id: string;
  /** Resolves when the plugin has ended, and never rejects. Its output may still be on its way. */
  readonly exited: Promise<ExitFacts>;
  /** What keeps our process alive while we wait for the plugin. Valid when it runs. */
  readonly handles: readonly Handle[];
  /** Ends it by force, at once. May be called again, also after the end; never throws. */
  kill(): void;
  /** The address to dial for the one the plugin announced; as it is by default. */
  pluginToHost?(address: Address): Address | Promise<Address>;
}

/**
 * Starts and ends a plugin, wherever it runs. The default starts a child process; another may use a
 * container. Go: `runner.Runner`.
 */
export interface Runner extends AttachedRunner {
  /** A human name; its last path element names the plugin in logs. */
  readonly name: string;
  /** The handshake line, then whatever the plugin prints. Valid after `start`. */
  readonly stdout: Readable;
  /** The plugin's log. Valid after `start`. */
  readonly stderr: Readable;
  /**
   * Starts the plugin; rejects when it could not be started. Called once. When it takes longer than
   * `startTimeoutMs`, or the start is aborted, `kill` is called while it is under way.
   */
  start(): Promise<void>;
  /** Text for the error about a first line that is no handshake: what may be wrong with the program. */
  diagnose(): Promise<string>;
}

/** What a custom runner is told. */
export interface RunnerSpec {
  /** All variables the plugin must get. */
  readonly env: Readonly<Record<string, string>>;
  /** A fresh directory for the plugin's sockets, mode 0700; removed when the client has ended. */
  readonly socketDir: string;
}

/** Makes the runner of one start. Go: `ClientConfig.RunnerFunc`. */
export type RunnerFunc = (spec: RunnerSpec) => Runner | Promise<Runner>;
