/** A plugin that runs, whether we launched it or found it, and what both ways need from the client. */
import type { ConnectionOptions } from "node:tls";
import type { Address } from "../net/socket.js";
import type { Logger } from "../observe/logger.js";
import type { AttachedRunner } from "./process/runner.js";
import type { StderrTail } from "./process/stderr-tail.js";
import type { Remains } from "./remains.js";

/** All that is needed to connect to a plugin and to end it. */
export interface RunningPlugin {
  readonly runner: AttachedRunner;
  /** Where to dial. */
  readonly address: Address;
  /** The protocol of its handshake. */
  readonly protocol: string;
  /** The application version that it serves. */
  readonly version: number;
  /** For connections to it; undefined without TLS. */
  readonly tls: ConnectionOptions | undefined;
  /** To be tidied when it has ended. */
  readonly remains: Remains;
  /** Only for a plugin that we found: we did not start its process, and must not take another one for it. */
  readonly found?: FoundPlugin;
}

/** What is known of a process that we did not start. */
export interface FoundPlugin {
  /** Why it must not be ended by force, although the plugin has answered. Undefined if nothing speaks against it. */
  whyNotOurs(): string | undefined;
  /** The end of the process is expected: it is to be noticed soon. */
  hurry(): void;
  /** The process is left alone, and watched no longer. */
  release(): void;
}

/** What the client gives to a start. */
export interface StartContext {
  /** The application versions that the host has plugins for. */
  readonly appVersions: readonly number[];
  /** Aborts the start. */
  readonly signal: AbortSignal;
  /** Gets what the plugin writes on stderr. */
  readonly stderrTail: StderrTail;
  readonly logger: Logger;
  /** Called as soon as there is a runner, before it starts: the client watches it from then on. */
  readonly onRunner: (runner: AttachedRunner) => void;
}
