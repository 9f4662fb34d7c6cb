/**
 * What the codecs inside schemas get as their context: one scope per call. Codecs may prepare work
 * (lending prepares streams); client and server tell when it may start, and what became of the call.
 */
export interface CallScope {
  /** The value just encoded or decoded is whole: what its codecs prepared may start. */
  commit(): void;
  /**
   * It could not be encoded or decoded, or has not all arrived and will be read anew: what its codecs
   * prepared is dropped.
   */
  rollback(): void;
  /** The caller's waiting is over: with an answer, or for `cause`. */
  end(cause?: unknown): void;
}
