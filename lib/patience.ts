import type { CallOptions } from "../protocol/netrpc/index.js";
import { PluginError } from "./errors.js";

/**
 * Waits for a connection no longer than this caller wants to; for the others it is made all the same.
 *
 * @throws PluginError `connect-timeout`, `aborted`.
 */
export async function patiently<T>(connection: Promise<T>, options: CallOptions = {}): Promise<T> {
  const { signal, timeoutMs } = options;
  if (signal === undefined && timeoutMs === undefined) return connection;
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(failure("aborted", "plugin: waiting for a connection aborted", signal?.reason));
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    if (timeoutMs === undefined) return;
    const text = `plugin: no connection within the ${timeoutMs} ms of this call`;
    timer = setTimeout(() => reject(failure("connect-timeout", text)), timeoutMs);
  });
  try {
    return await Promise.race([connection, givenUp]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

const failure = (code: "aborted" | "connect-timeout", text: string, cause?: unknown): PluginError =>
  new PluginError(code, text, { phase: "connect", cause });
