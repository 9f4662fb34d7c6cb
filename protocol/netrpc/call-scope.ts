/** The life of one call, as the codecs inside its schemas see it. */

/**
 * The context of the codecs inside the schemas of one call. A codec may prepare work here: lending, for
 * example, prepares streams. Client and server say when that work may start, and how the call ended.
 */
export interface CallScope {
  /** The value was encoded or decoded whole: the work that its codecs prepared may start. */
  commit(): void;
  /**
   * The value failed, or it is incomplete and will be decoded again from its start: the work that its codecs
   * prepared is dropped.
   */
  rollback(): void;
  /** On the caller's side: the call is over. `cause` is undefined after an answer. */
  end(cause?: unknown): void;
}
