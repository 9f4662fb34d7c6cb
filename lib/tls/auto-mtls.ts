/**
 * AutoMTLS: for one run, host and plugin each make a certificate, send it to the other through the environment
 * and the handshake line, and trust nothing else [TLS-2].
 */
import { X509Certificate } from "node:crypto";
import type { ConnectionOptions, TlsOptions } from "node:tls";
import { HandshakeError } from "../../protocol/errors.js";
import { type OneTimeCertificate, toPem } from "./certificate.js";

/**
 * What both sides insist on [TLS-5] [TLS-6]. `rejectUnauthorized` is set explicitly, because the environment variable
 * NODE_TLS_REJECT_UNAUTHORIZED changes its default.
 */
const STRICT = { minVersion: "TLSv1.2", rejectUnauthorized: true } as const;

/** The host's options. Before it connects, {@link trustPlugin} adds the plugin's certificate. */
export function hostOptions({ cert, key }: OneTimeCertificate): ConnectionOptions {
  return { ...STRICT, cert, key, servername: "localhost" };
}

/**
 * The plugin's options: only a client with the host's certificate may connect [TLS-6].
 *
 * @param hostCertificate - in PEM, from the environment.
 * @throws Error from node:crypto when it cannot be read.
 */
export function pluginOptions(own: OneTimeCertificate, hostCertificate: string): TlsOptions {
  new X509Certificate(hostCertificate);
  const { cert, key } = own;
  // As `ca` it is also named in our request for a certificate. A Go host sends its certificate only if its
  // issuer is named there.
  return { ...STRICT, cert, key, requestCert: true, ca: hostCertificate };
}

/** The certificate field of the handshake line: DER in base64 without padding [TLS-4]. */
export const formatCertificate = ({ der }: OneTimeCertificate): string =>
  der.toString("base64").replaceAll("=", "");

/**
 * The host's options with the plugin's certificate as the only one it trusts [TLS-5].
 *
 * @param options - undefined: the host uses no TLS, and the plugin must not send a certificate [TLS-9].
 * @param field - the certificate field of the handshake line. Empty: the options stay unchanged.
 * @throws HandshakeError `bad-certificate`. Go: `Client.loadServerCert`.
 */
export function trustPlugin(
  options: ConnectionOptions | undefined,
  field: string,
): ConnectionOptions | undefined {
  if (field === "") return options;
  if (options === undefined) {
    throw badCertificate("the plugin sent one, but the host has neither tls nor autoMtls");
  }
  return { ...options, ca: parseCertificate(field) };
}

/** From the field to PEM. As strict as Go, which refuses padding [TLS-4]; Node's base64 accepts anything. */
function parseCertificate(field: string): string {
  const wrong = /[^A-Za-z0-9+/]/.exec(field)?.index ?? (field.length % 4 === 1 ? field.length : -1);
  if (wrong >= 0) throw badCertificate(`illegal base64 data at input byte ${wrong}`);
  const bytes = Buffer.from(field, "base64");
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(bytes);
  } catch (cause) {
    throw badCertificate(`x509: malformed certificate: ${(cause as Error).message}`, cause);
  }
  if (certificate.raw.length !== bytes.length) throw badCertificate("x509: trailing data");
  return toPem(bytes);
}

const badCertificate = (text: string, cause?: unknown): HandshakeError =>
  new HandshakeError(
    "bad-certificate",
    `error parsing server cert: ${text}`,
    cause === undefined ? {} : { cause },
  );
