/** The settings of a session. Names, defaults and checks are yamux's own [YAMUX-50]. */

import { MAX_TIMER_MS } from "../protocol/async/timer.js";
import { MuxError } from "./errors.js";
import { INITIAL_WINDOW_BYTES } from "./frame.js";

/** Gets one line per event, in Go's wording. Data of streams is never logged. */
export type MuxLogger = (level: "warn" | "error", message: string) => void;

/** The settings of a session; see {@link DEFAULT_CONFIG}. Go: `yamux.Config`. */
export interface SessionConfig {
  /**
   * How many streams of the peer may wait to be accepted; one more is reset. Also how many of our own
   * opens may wait for their ACK; one more waits its turn. Default 256.
   */
  readonly acceptBacklog: number;
  /** Whether to ping the peer regularly, and end the session when it does not answer. Default true. */
  readonly enableKeepAlive: boolean;
  /** Milliseconds from the last answer to the next keepalive ping. Default 30,000. */
  readonly keepAliveIntervalMs: number;
  /** Milliseconds that a ping waits for its answer. Default 10,000. */
  readonly connectionWriteTimeoutMs: number;
  /**
   * How many bytes the peer may send on a stream before our side has taken them. A stream never buffers
   * more. At least 262,144, which every stream starts with; the rest is granted when the stream opens.
   * Default 1 MiB (Go: 256 KiB).
   */
  readonly maxStreamWindowBytes: number;
  /** Milliseconds that a stream of ours may stay without an ACK before the session ends. 0: no limit. Default 75,000. */
  readonly streamOpenTimeoutMs: number;
  /**
   * Milliseconds that a stream which we closed waits for the peer to close it too. Data in either direction
   * starts the time anew. 0: no limit. Default 300,000.
   */
  readonly streamCloseTimeoutMs: number;
  /**
   * Told what the peer does wrong (`warn`), and of a GoAway, an open or a keepalive that ends the session
   * (`error`). Default: nobody.
   */
  readonly logger: MuxLogger | undefined;
}

/** What a session uses where no setting is given. Go: `DefaultConfig`. */
export const DEFAULT_CONFIG: SessionConfig = {
  acceptBacklog: 256,
  enableKeepAlive: true,
  keepAliveIntervalMs: 30_000,
  connectionWriteTimeoutMs: 10_000,
  // Measured: one stream is 30 % faster than with 256 KiB. More helps only replies of megabytes.
  maxStreamWindowBytes: 1024 * 1024,
  streamOpenTimeoutMs: 75_000,
  streamCloseTimeoutMs: 300_000,
  logger: undefined,
};

const MAX_WINDOW_BYTES = 2 ** 32 - 1;

/**
 * Fills in the defaults and checks every field.
 * @throws MuxError `bad-config`, with Go's text where Go has one.
 * Go: `VerifyConfig`.
 */
export function verifyConfig(given: Partial<SessionConfig> = {}): SessionConfig {
  const config = { ...DEFAULT_CONFIG, ...withoutUndefined(given) };
  check(isCount(config.acceptBacklog) && config.acceptBacklog > 0, "backlog must be positive", {
    acceptBacklog: config.acceptBacklog,
  });
  const { keepAliveIntervalMs, connectionWriteTimeoutMs } = config;
  check(keepAliveIntervalMs > 0, "keep-alive interval must be positive", { keepAliveIntervalMs });
  check(connectionWriteTimeoutMs > 0, "timeout must be positive", { connectionWriteTimeoutMs });
  check(
    config.maxStreamWindowBytes >= INITIAL_WINDOW_BYTES,
    `MaxStreamWindowSize must be larger than ${INITIAL_WINDOW_BYTES}`,
    { maxStreamWindowBytes: config.maxStreamWindowBytes },
  );
  check(
    isCount(config.maxStreamWindowBytes) && config.maxStreamWindowBytes <= MAX_WINDOW_BYTES,
    "MaxStreamWindowSize must be a whole number below 2^32",
    { maxStreamWindowBytes: config.maxStreamWindowBytes },
  );
  const { streamOpenTimeoutMs, streamCloseTimeoutMs } = config;
  const times = {
    keepAliveIntervalMs,
    connectionWriteTimeoutMs,
    streamOpenTimeoutMs,
    streamCloseTimeoutMs,
  };
  for (const [name, timeMs] of Object.entries(times)) {
    check(isTime(timeMs), `timeout must be from 0 to ${MAX_TIMER_MS}`, { [name]: timeMs });
  }
  return config;
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
const isTime = (value: number) => value >= 0 && value <= MAX_TIMER_MS;

function check(holds: boolean, rule: string, field: Record<string, number>): void {
  if (holds) return;
  const [[name, value]] = Object.entries(field) as [[string, number]];
  throw new MuxError("bad-config", `yamux: ${rule} (${name} ${value})`);
}

/** Without the undefined fields: `{ ...defaults, x: undefined }` would remove the default of `x`. */
function withoutUndefined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
