/**
 * Resolves with the value of `promise`. Rejects when it takes longer than `boundMs`, with `what` in the message. The
 * bound names what hangs. It decides no test: it is far longer than anything takes on a busy machine.
 */
export async function within<T>(boundMs: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${boundMs} ms`)), boundMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
