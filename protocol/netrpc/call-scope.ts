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
  /**
   * On the server's side: the handler has ended. The answer goes out when the promise has resolved, which must not
   * reject; at once where it is undefined.
   */
  settle?(): Promise<void> | undefined;
  /**
   * The call is over, on either side of it [NETRPC-27]: it was answered, `cause` says why it failed, or the connection
   * has ended. Comes before the `commit` of the reply, whose work outlives the call. May be called again, which means
   * nothing.
   */
  end(cause?: unknown): void;
}
