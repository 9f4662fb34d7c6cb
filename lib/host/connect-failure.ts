/** Why a plugin that runs could not be connected to. Go leaves this to the logs of both sides. */
import type { ConnectionOptions } from "node:tls";
import { isMuxError } from "../../mux/errors.js";
import { isRpcError } from "../../protocol/errors.js";
import { type ExitFacts, isPluginError } from "../errors.js";
import type { Address } from "../net/socket.js";
import { tlsReason } from "../tls/tls-failed.js";
import type { Reason } from "./process/failure-text.js";

/** What was tried. */
export interface ConnectAttempt {
  readonly address: Address;
  /** Undefined: without TLS. */
  readonly tls: ConnectionOptions | undefined;
}

/** Nothing has failed, but the plugin has not answered in time. */
export const noAnswer = (attempt: ConnectAttempt, timeoutMs: number): Reason => ({
  code: "connect-timeout",
  text: `plugin: no answer within ${timeoutMs} ms on ${at(attempt)}`,
});

/**
 * What `error` says about the plugin: that it has ended, that only one side wants TLS, or that one side does not
 * trust the other.
 *
 * @param exit - how the plugin ended, if it has ended since.
 */
export function connectFailure(error: Error, attempt: ConnectAttempt, exit?: ExitFacts): Reason {
  // Our own judgement of what came, which tells more than what is behind it.
  if (isRpcError(error)) return lost(error, attempt);
  const root = rootOf(error);
  // A plugin that ended did not refuse us.
  if (exit !== undefined && isHangUp(root)) return lost(root, attempt);
  if (isPluginError(error)) {
    if (error.code !== "tls-failed") return { code: error.code, text: error.message };
    return { code: "tls-failed", text: `${error.message}; ${hintOf(attempt, root)}` };
  }
  return attempt.tls === undefined ? failedPlain(root, attempt) : failedSecure(root, attempt);
}

const at = ({ address }: ConnectAttempt): string => `${address.network} ${address.address}`;

const lost = (root: Error, attempt: ConnectAttempt): Reason => ({
  code: "connect-failed",
  text: `plugin: connection to ${at(attempt)} failed: ${root.message}`,
});

function failedPlain(root: Error, attempt: ConnectAttempt): Reason {
  if (/the peer speaks TLS/.test(root.message)) {
    const text = `tls: the plugin wants TLS, and tls is not set (${root.message})`;
    return { code: "tls-failed", text };
  }
  const reason = lost(root, attempt);
  if (!isHangUp(root)) return reason;
  // A Go plugin that wants TLS closes without a byte. Nothing else that lives does so.
  const text = `${reason.text}; it hung up without a word: it may want TLS, and tls is not set`;
  return { code: "tls-failed", text };
}

/** The TLS handshake was complete on our side. In TLS 1.3 the plugin judges our certificate after that [TLS-8]. */
const failedSecure = (root: Error, attempt: ConnectAttempt): Reason => ({
  code: "tls-failed",
  text:
    `tls: ${tlsReason(root)} (${at(attempt)}); the plugin hung up after the TLS handshake: ` +
    "it may have refused our certificate, or speak another protocol",
});

/** Which side refused the other. Only OpenSSL's own codes tell the cases apart. */
function hintOf({ tls }: ConnectAttempt, root: Error & { code?: string }): string {
  if (/ALERT/.test(root.code ?? "")) return "the plugin may not trust our certificate";
  if (/^ECONNRESET$|WRONG_VERSION_NUMBER/.test(root.code ?? "")) {
    return "the plugin may not speak TLS, or it refused our certificate";
  }
  return tls?.ca === undefined
    ? "the plugin sent no certificate to trust in its handshake, and tls.ca is not set"
    : "the plugin's certificate is not trusted";
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

function isHangUp(error: Error & { code?: string }): boolean {
  return isMuxError(error) ? error.code === "eof" : /^(ECONNRESET|EPIPE)$/.test(error.code ?? "");
}
