/** The certificate that AutoMTLS makes. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { generateCertificate } from "../../../lib/tls/certificate.js";
import { derInteger, derObjectId, derTime } from "../../../lib/tls/der.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("[TLS-3] DER is written in its shortest form", () => {
  assert.equal(hex(derInteger(Buffer.of(0, 0))), "020100");
  assert.equal(hex(derInteger(Buffer.of(0, 0x7f))), "02017f");
  assert.equal(hex(derInteger(Buffer.of(0, 0x80))), "02020080");
  assert.equal(hex(derObjectId("1.2.840.10045.4.3.4")), "06082a8648ce3d040304");
  assert.equal(
    derTime(Date.UTC(2049, 11, 31, 23, 59, 59, 999)).toString("latin1", 2),
    "491231235959Z",
  );
  assert.equal(derTime(Date.UTC(2050, 0, 1)).toString("latin1", 2), "20500101000000Z");
});

test("[TLS-3] a certificate is for localhost, signed by its own key, and new each time", async () => {
  const [one, other] = await Promise.all([generateCertificate(), generateCertificate()]);
  const read = new X509Certificate(one.cert);
  assert.deepEqual(read.raw, one.der);
  assert.equal(read.subject, "O=HashiCorp\nCN=localhost");
  assert.equal(read.checkHost("localhost"), "localhost");
  assert.equal(read.ca, true);
  assert.ok(read.checkIssued(read) && read.verify(read.publicKey));
  assert.equal(read.publicKey.asymmetricKeyDetails?.namedCurve, "secp521r1");
  assert.match(one.key, /^-----BEGIN EC PRIVATE KEY-----\n/);
  assert.notEqual(new X509Certificate(other.cert).serialNumber, read.serialNumber);
});
