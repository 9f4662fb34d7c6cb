/** The certificate that AutoMTLS makes, equal in every field to Go's [TLS-3]. */
import { createHash, generateKeyPair, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";
import {
  der,
  derBitString,
  derInteger,
  derObjectId,
  derPrintable,
  derSequence,
  derTime,
  TAG,
} from "./der.js";

/** A certificate for one run of one process, and its key. */
export interface OneTimeCertificate {
  /** The certificate in DER. */
  readonly der: Buffer;
  /** The certificate in PEM. */
  readonly cert: string;
  /** The private key in PEM, as Go writes it (`EC PRIVATE KEY`). It never leaves the process. */
  readonly key: string;
}

/** How long ago its validity begins, because the peer's clock may be a little behind. */
const BACKDATE_MS = 30_000;
/** How long it is valid: Go's 262,980 hours, which are thirty years. */
const VALID_MS = 262_980 * 3_600_000;

const EC_DSA_WITH_SHA512 = derSequence(derObjectId("1.2.840.10045.4.3.4"));
const VERSION_3 = der(0xa0, derInteger(Buffer.of(2)));
const NAME = derSequence(
  der(TAG.set, derSequence(derObjectId("2.5.4.10"), derPrintable("HashiCorp"))),
  der(TAG.set, derSequence(derObjectId("2.5.4.3"), derPrintable("localhost"))),
);
/** The last bytes of a P-521 public key are the uncompressed point: 0x04 and two coordinates of 66 bytes. */
const POINT_BYTES = 133;
const SUBJECT_KEY_ID_BYTES = 20;

const extension = (id: string, isCritical: boolean, value: Uint8Array): Buffer =>
  derSequence(
    derObjectId(id),
    isCritical ? der(TAG.boolean, Buffer.of(0xff)) : Buffer.alloc(0),
    der(TAG.octetString, value),
  );

/** The extensions that are equal in all certificates, in Go's order. */
const KEY_USAGES = [
  // digitalSignature, keyEncipherment, keyAgreement and keyCertSign: bits 0, 2, 4 and 5.
  extension("2.5.29.15", true, derBitString(Buffer.of(0b10101100), 2)),
  // clientAuth and serverAuth: host and plugin make the same kind of certificate.
  extension(
    "2.5.29.37",
    false,
    derSequence(derObjectId("1.3.6.1.5.5.7.3.2"), derObjectId("1.3.6.1.5.5.7.3.1")),
  ),
  // CA:TRUE, because the other side trusts it as its only root.
  extension("2.5.29.19", true, derSequence(der(TAG.boolean, Buffer.of(0xff)))),
];
const DNS_LOCALHOST = extension(
  "2.5.29.17",
  false,
  derSequence(der(0x82, Buffer.from("localhost"))),
);

/**
 * Makes a self-signed certificate with a new key. That takes some milliseconds on Node's thread pool.
 * Go: `generateCert`.
 */
export async function generateCertificate(): Promise<OneTimeCertificate> {
  const pair = await promisify(generateKeyPair)("ec", { namedCurve: "secp521r1" });
  const publicKey = pair.publicKey.export({ type: "spki", format: "der" });
  const now = Date.now();
  const toBeSigned = derSequence(
    VERSION_3,
    derInteger(randomBytes(16)),
    EC_DSA_WITH_SHA512,
    NAME,
    derSequence(derTime(now - BACKDATE_MS), derTime(now + VALID_MS)),
    NAME,
    publicKey,
    der(0xa3, derSequence(...KEY_USAGES, subjectKeyId(publicKey), DNS_LOCALHOST)),
  );
  const signature = sign("sha512", toBeSigned, pair.privateKey);
  const bytes = derSequence(toBeSigned, EC_DSA_WITH_SHA512, derBitString(signature));
  return {
    der: bytes,
    cert: toPem(bytes),
    key: pair.privateKey.export({ type: "sec1", format: "pem" }) as string,
  };
}

/** Any name for the key would do. This is Go's since 1.25: the first 160 bits of the key's SHA-256. */
function subjectKeyId(publicKey: Uint8Array): Buffer {
  const digest = createHash("sha256").update(publicKey.subarray(-POINT_BYTES)).digest();
  const id = digest.subarray(0, SUBJECT_KEY_ID_BYTES);
  return extension("2.5.29.14", false, der(TAG.octetString, id));
}

/** A certificate in PEM, from DER. Padded, because Node silently ignores an unpadded certificate. */
export function toPem(certificate: Uint8Array): string {
  const lines = Buffer.from(certificate)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
