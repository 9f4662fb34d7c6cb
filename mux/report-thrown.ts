/**
 * Makes what a user's callback threw an uncaught exception, outside of our loops: it is not hidden, and
 * frames of other streams are not lost with it [YAMUX-54].
 */
export function reportThrown(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
