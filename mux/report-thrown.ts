/** What becomes of an error that a user's callback throws. */

/**
 * Throws `error` again on the next tick, as an uncaught exception. It is not hidden, and our loops go on: an
 * exception inside them would lose frames of other streams [YAMUX-54].
 */
export function reportThrown(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
