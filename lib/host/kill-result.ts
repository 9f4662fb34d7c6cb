/** What `Client.kill` tells about the plugin's process. */

/** What became of the plugin's process. */
export type KillOutcome =
  /** It ended by itself, before it was asked or after. */
  | "exited"
  /** It was ended by force. */
  | "killed"
  /** It runs on: it is not known to be our plugin, or its life is not ours. `reason` says which. */
  | "left-alone"
  /** It was to be ended by force, and has not gone. */
  | "survived"
  /** There was nothing to end: the plugin was never up. */
  | "not-running";

/** The result of `Client.kill`. */
export interface KillResult {
  /** What became of the process. */
  readonly outcome: KillOutcome;
  /** Why the process was left alone, or could not be ended; for people. */
  readonly reason?: string;
}
