/** The certificate field of the handshake line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PluginError } from "goplug";
import { formatCertificate, trustPlugin } from "../../../lib/tls/auto-mtls.js";
import { generateCertificate } from "../../../lib/tls/certificate.js";

test("[TLS-4] the certificate field is base64 without padding, and the host reads it back", async () => {
  const own = await generateCertificate();
  const field = formatCertificate(own);
  assert.match(field, /^[A-Za-z0-9+/]{700,}$/);
  for (let length = 1; length < 5; length++) {
    assert.doesNotMatch(formatCertificate({ ...own, der: Buffer.alloc(length) }), /=/);
  }
  assert.equal(trustPlugin({}, field)?.ca, own.cert);
  assert.equal(trustPlugin(undefined, ""), undefined);
});

const good = generateCertificate();
const badFields: [title: string, field: (good: string) => string, wanted: RegExp][] = [
  ["padding", (text) => `${text.slice(0, 102)}==`, /^illegal base64 data at input byte 102$/],
  [
    "a character of another alphabet",
    (text) => `-${text}`,
    /^illegal base64 data at input byte 0$/,
  ],
  [
    "a white space",
    (text) => `${text.slice(0, 60)} ${text}`,
    /^illegal base64 data at input byte 60$/,
  ],
  ["a letter too many", (text) => text.slice(0, 53), /^illegal base64 data at input byte 53$/],
  ["no certificate in it", () => "AAAA".repeat(20), /^x509: malformed certificate: /],
  ["half a certificate", (text) => text.slice(0, 400), /^x509: malformed certificate: /],
  ["bytes after it", (text) => `${text.slice(0, -4)}${"A".repeat(8)}`, /^x509: /],
];
for (const [title, field, wanted] of badFields) {
  test(`[TLS-4] a certificate field with ${title} is refused`, async () => {
    const certificate = field(formatCertificate(await good));
    assert.throws(
      () => trustPlugin({}, certificate),
      ({ code, message }: PluginError) => {
        assert.equal(code, "bad-certificate");
        assert.match(message, /^error parsing server cert: /);
        assert.match(message.slice("error parsing server cert: ".length), wanted);
        return true;
      },
    );
  });
}

test("[TLS-4] a whole certificate with bytes after it is refused", async () => {
  const field = Buffer.concat([(await good).der, Buffer.of(1, 2, 3)]).toString("base64");
  assert.throws(() => trustPlugin({}, field.replaceAll("=", "")), {
    message: "error parsing server cert: x509: trailing data",
  });
});
