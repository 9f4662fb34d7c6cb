/**
 * The states of a client, each with the data that is valid only in it, and what leads from one to the next.
 *
 * Two states exist for what users see. While Aborting, `start` still waits for the start, but every other use fails:
 * `kill` was called. Failed differs from Ended because a start that failed fails again with its own error.
 *
 * How the process ended is kept elsewhere (process-watch.ts), because it is independent: a process may end while the
 * client is still starting it, and a client may end while a process that it found goes on.
 */
import type { KillResult } from "./kill-result.js";
import type { RunningPlugin } from "./running-plugin.js";

/** A client begins in {@link Idle}. */
export type ClientState = Idle | Starting | Aborting | Running | Ending | Ended | Failed;

/** Nothing was started. The first use leads to Starting, `kill` to Failed. */
export interface Idle {
  readonly name: "idle";
}

/**
 * The plugin is being launched, or looked for. Leads to Running when it is up, to Failed when that fails, and to
 * Aborting by `kill`.
 */
export interface Starting {
  readonly name: "starting";
  /** Resolves with the plugin, or rejects with the reason why there is none. */
  readonly start: Promise<RunningPlugin>;
  /** Aborts the start. */
  readonly abort: AbortController;
}

/** `kill` came during the start. Leads to Failed, or to Ending if the plugin came up before the abort. */
export interface Aborting {
  readonly name: "aborting";
  readonly start: Promise<RunningPlugin>;
  readonly killed: Promise<KillResult>;
}

/** The plugin is up. Leads to Ended when its process ends, and to Ending by `kill`. */
export interface Running {
  readonly name: "running";
  readonly plugin: RunningPlugin;
}

/** The plugin is being ended by `kill`. Leads to Ended when its process ends, or when `kill` is done without that. */
export interface Ending {
  readonly name: "ending";
  readonly plugin: RunningPlugin;
  /** Resolves when `kill` is done. */
  readonly killed: Promise<KillResult>;
}

/** The plugin was up; its process has ended, or `kill` is done. Nothing leads out; `kill` closes what is left. */
export interface Ended {
  readonly name: "ended";
  readonly plugin: RunningPlugin;
  /** Resolves when the first `kill` is done; undefined if there was none: the plugin ended by itself. */
  readonly killed: Promise<KillResult> | undefined;
}

/** The plugin never was up. Nothing leads out. */
export interface Failed {
  readonly name: "failed";
  /** Why the start failed, or that the client was killed before it. Every later start fails with it. */
  readonly error: unknown;
  /** Resolves when the first `kill` is done; undefined if there was none. */
  readonly killed: Promise<KillResult> | undefined;
}

/** What leads from one state to the next. */
export type ClientEvent =
  /** The first use of the client. */
  | { readonly type: "start"; readonly start: Starting["start"]; readonly abort: AbortController }
  /** The start has succeeded. */
  | { readonly type: "up"; readonly plugin: RunningPlugin }
  /** The start has failed. */
  | { readonly type: "fail"; readonly error: unknown }
  /** The plugin's process has ended. */
  | { readonly type: "exit" }
  /** The first `kill`. A client that was not started yet fails with `error` from then on. */
  | { readonly type: "kill"; readonly killed: Promise<KillResult>; readonly error: unknown }
  /** `kill` is done. */
  | { readonly type: "done" };

type Name = ClientState["name"];
type Type = ClientEvent["type"];
type StateOf<N extends Name> = Extract<ClientState, { readonly name: N }>;
type EventOf<T extends Type> = Extract<ClientEvent, { readonly type: T }>;
type Row<N extends Name> = {
  readonly [T in Type]?: (state: StateOf<N>, event: EventOf<T>) => ClientState;
};

const stay = <S extends ClientState>(state: S): S => state;

const TABLE: { readonly [N in Name]: Row<N> } = {
  idle: {
    start: (_, { start, abort }) => ({ name: "starting", start, abort }),
    kill: (_, { killed, error }) => ({ name: "failed", error, killed }),
  },
  starting: {
    up: (_, { plugin }) => ({ name: "running", plugin }),
    fail: (_, { error }) => ({ name: "failed", error, killed: undefined }),
    // The start itself notices it, and fails or comes up all the same.
    exit: stay,
    kill: ({ start }, { killed }) => ({ name: "aborting", start, killed }),
  },
  aborting: {
    up: ({ killed }, { plugin }) => ({ name: "ending", plugin, killed }),
    fail: ({ killed }, { error }) => ({ name: "failed", error, killed }),
    exit: stay,
  },
  running: {
    exit: ({ plugin }) => ({ name: "ended", plugin, killed: undefined }),
    kill: ({ plugin }, { killed }) => ({ name: "ending", plugin, killed }),
  },
  ending: {
    exit: ({ plugin, killed }) => ({ name: "ended", plugin, killed }),
    done: ({ plugin, killed }) => ({ name: "ended", plugin, killed }),
  },
  ended: {
    // A process that outlives `kill`: it was not ours to end, or the system holds it.
    exit: stay,
    kill: (state, { killed }) => ({ ...state, killed }),
    done: stay,
  },
  failed: {
    exit: stay,
    kill: (state, { killed }) => ({ ...state, killed }),
    done: stay,
  },
};

/** The state after `event`, or undefined if the event cannot happen in this state. */
export function nextState(state: ClientState, event: ClientEvent): ClientState | undefined {
  // TypeScript does not see that the cell of a state and an event takes just these two.
  const cell = TABLE[state.name][event.type] as
    | ((state: ClientState, event: ClientEvent) => ClientState)
    | undefined;
  return cell?.(state, event);
}

/** The plugin, in the states in which there is one. */
export const pluginOf = (state: ClientState): RunningPlugin | undefined =>
  "plugin" in state ? state.plugin : undefined;

/** The promise of the first `kill`, in the states that follow it. */
export const killOf = (state: ClientState): Promise<KillResult> | undefined =>
  "killed" in state ? state.killed : undefined;
