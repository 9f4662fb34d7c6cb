import { X509Certificate } from "node:crypto";
import type { ConnectionOptions, TlsOptions } from "node:tls";
import { HandshakeError } from "../../protocol/errors.js";
import { type OneTimeCertificate, toPem } from "./certificate.js";

/**
 * AutoMTLS: host and plugin each make a certificate for this one life, tell each other through the
 * environment and the handshake line, and trust nobody else [TLS-2].
 */

/** What both sides insist on [TLS-5] [TLS-6]. The environment cannot switch the check off. */
const STRICT = { minVersion: "TLSv1.2", rejectUnauthorized: true } as const;

/** The host's end. Whom to trust is known only after the handshake line: {@link trustPlugin}. */
export function hostOptions({ cert, key }: OneTimeCertificate): ConnectionOptions {
  return { ...STRICT, cert, key, servername: "localhost" };
}

/**
 * The plugin's end: only who holds the host's certificate may connect [TLS-6].
 *
 * @param hostCertificate - PEM, as the environment has it.
 * @throws Error when it is none.
 */
export function pluginOptions(own: OneTimeCertificate, hostCertificate: string): TlsOptions {
  new X509Certificate(hostCertificate);
  const { cert, key } = own;
  // Named as an authority too: a Go host shows its certificate only to who asks for its issuer.
  return { ...STRICT, cert, key, requestCert: true, ca: hostCertificate };
}

/** The field of the handshake line: DER as base64 without padding [TLS-4]. */
export const formatCertificate = ({ der }: OneTimeCertificate): string =>
  der.toString("base64").replaceAll("=", "");

/**
 * The host's options once it knows the plugin's certificate: the only one it trusts [TLS-5]. As they are
 * when there is none. Without options the host did not ask for one [TLS-9].
 *
 * @param field - of the handshake line.
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

/** The certificate in PEM. As strict as Go, which takes no padding [TLS-4]. */
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
