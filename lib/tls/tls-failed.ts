/** Failures of TLS, as users see them. */
import { PluginError, type PluginPhase } from "../errors.js";

/** What OpenSSL says, without its file names and numbers. */
export const tlsReason = (error: Error & { readonly reason?: string }): string =>
  error.reason ?? error.message;

/** A PluginError `tls-failed`. */
export const tlsFailed = (phase: PluginPhase, text: string, cause: unknown): PluginError =>
  new PluginError("tls-failed", text, { phase, cause });
