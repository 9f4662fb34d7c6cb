/** The contract between a client and whatever runs its plugin: a child process, a container, another machine. */
import type { Readable } from "node:stream";
import type { ExitFacts } from "../../errors.js";
import type { Handle } from "../../keep-alive.js";
import type { Address } from "../../net/socket.js";

/** Watches and ends a plugin, whether it started it or not. Go: `runner.AttachedRunner`. */
export interface AttachedRunner {
  /** The id of the process, the container or the like; empty before the start. */
  readonly id: string;
  /** Resolves when the plugin has ended; its output may still be on its way then. Never rejects. */
  readonly exited: Promise<ExitFacts>;
  /** What keeps our process alive while we wait for the plugin. Valid once the plugin runs. */
  readonly handles: readonly Handle[];
  /** Ends the plugin by force, without waiting. May be called again, also after the end. Never throws. */
  kill(): void;
  /** Translates the address that the plugin announced into the one to dial. Default: they are the same. */
  pluginToHost?(address: Address): Address | Promise<Address>;
}

/** Starts and ends a plugin. The default runner starts a child process. Go: `runner.Runner`. */
export interface Runner extends AttachedRunner {
  /** A name for people. Its last path element names the plugin in logs. */
  readonly name: string;
  /** Carries the handshake line first, then whatever the plugin prints. Valid after `start`. */
  readonly stdout: Readable;
  /** Carries the plugin's log. Valid after `start`. */
  readonly stderr: Readable;
  /**
   * Starts the plugin. Called once. Rejects if the plugin could not be started. If it takes longer than
   * `startTimeoutMs`, or the start is aborted, `kill` is called while it is under way.
   */
  start(): Promise<void>;
  /** What may be wrong with the program: text for the error about a first line that is not a handshake. */
  diagnose(): Promise<string>;
}

/** What a custom runner gets for one start. */
export interface RunnerSpec {
  /** All variables the plugin must get. */
  readonly env: Readonly<Record<string, string>>;
  /** A fresh directory for the plugin's sockets, mode 0700; removed when the client has ended. */
  readonly socketDir: string;
}

/** Makes the runner of one start. Go: `ClientConfig.RunnerFunc`. */
export type RunnerFunc = (spec: RunnerSpec) => Runner | Promise<Runner>;
