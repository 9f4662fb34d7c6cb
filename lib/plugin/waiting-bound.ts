/** How much output may wait for a host that does not read, and what is told about output that is lost. */
import { PluginError } from "../errors.js";
import { type Logger, NULL_LOGGER } from "../observe/logger.js";

/**
 * In Go a plugin blocks when nobody reads what it prints. Here there is only one thread, and it must go on, so the
 * output waits in memory. Nothing can leave during a turn of the event loop, so this must hold what one turn prints:
 * calls that print 64 MiB are known. As much is the bound on one value that a peer sends (`maxValueBytes`).
 */
export const DEFAULT_MAX_WAITING_BYTES = 256 * 1024 * 1024;

/** Which output it is, how much of it may wait, and who is told of a loss. */
export interface WaitingBoundOptions {
  /** For the log. */
  readonly name: "stdout" | "stderr";
  /** Above 0; may be Infinity. Default {@link DEFAULT_MAX_WAITING_BYTES}. */
  readonly maxWaitingBytes?: number | undefined;
  /** Gets a warning when a loss begins and when it ends. Default: none. */
  readonly logger?: Logger | undefined;
}

/**
 * Once the bound is passed, whole writes are lost until half of what waits has left. Thus a host gets one long piece
 * without a gap, and the log has two records for one gap.
 */
export class WaitingBound {
  readonly #name: string;
  /** How many bytes may wait. */
  readonly maxBytes: number;
  readonly #logger: Logger;
  #lostBytes = 0;

  /** @throws PluginError `bad-config`. */
  constructor({ name, maxWaitingBytes, logger }: WaitingBoundOptions) {
    this.#name = name;
    this.maxBytes = maxWaitingBytes ?? DEFAULT_MAX_WAITING_BYTES;
    this.#logger = logger ?? NULL_LOGGER;
    if (this.maxBytes > 0) return;
    const text = `plugin: maxWaitingOutputBytes must be above 0 (${maxWaitingBytes})`;
    throw new PluginError("bad-config", text, { phase: "config" });
  }

  /** Whether a write of that length is lost, with so much waiting before it. */
  isLost(byteLength: number, waitingBytes: number): boolean {
    this.relieve(waitingBytes);
    if (this.#lostBytes === 0 && waitingBytes < this.maxBytes) return false;
    const isFirst = this.#lostBytes === 0;
    this.#lostBytes += byteLength;
    // After the count: the logger may print, and that write comes back here.
    if (isFirst) {
      const facts = { stream: this.#name, waitingBytes };
      this.#logger.warn(facts, "the host does not read what the plugin prints, output is lost");
    }
    return true;
  }

  /** Fewer bytes wait than before. */
  relieve(waitingBytes: number): void {
    if (this.#lostBytes === 0 || waitingBytes > this.maxBytes / 2) return;
    this.#tellEnd("the host reads again what the plugin prints, output was lost", 0);
  }

  /** Nothing leaves any more: what waits is lost too. */
  end(waitingBytes: number): void {
    if (this.#lostBytes + waitingBytes === 0) return;
    this.#tellEnd(
      "the host had not read all that the plugin printed, output is lost",
      waitingBytes,
    );
  }

  #tellEnd(text: string, waitingBytes: number): void {
    const bytes = this.#lostBytes + waitingBytes;
    this.#lostBytes = 0;
    this.#logger.warn({ stream: this.#name, bytes }, text);
  }
}
