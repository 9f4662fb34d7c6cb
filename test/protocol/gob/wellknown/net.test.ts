/** Go's `net.IP`, `net.IPNet`, `netip.Addr` and `url.URL`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addr, ip, ipNet, url } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, hex, through, unhex } from "../helpers.js";

test("[GOB-36] addresses are texts", () => {
  const texts = [
    "1.2.3.4",
    "::",
    "::1",
    "1::",
    "2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1",
    "1:0:0:2::3",
    "fe80::1",
    "",
  ];
  for (const text of texts) assert.equal(through(ip(), text, ip()), text, text);
  assert.equal(through(ip(), unhex("01020304"), ip()), "1.2.3.4");
  assert.equal(through(ip(), "::ffff:1.2.3.4", ip()), "1.2.3.4");
  assert.equal(through(ip(), "64:ff9b::1.2.3.4", ip()), "64:ff9b::102:304");
  for (const wrong of [
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1:2",
    ":::",
    "1::2::3",
    "g::",
    "12345::",
    "1:2:3:4:5:6:7::8",
  ]) {
    assert.throws(
      () => encode(ip(), wrong),
      { code: "bad-value", message: /not an IP address/ },
      wrong,
    );
  }
  assert.throws(() => through(s.named("net.IP", s.bytes()), unhex("010203"), ip()), {
    code: "corrupt",
  });
  const net = { IP: "10.0.0.0", Mask: unhex("ff000000") };
  assert.deepEqual(through(ipNet(), net, ipNet()), net);
});

test("[GOB-36] netip addresses have zones", () => {
  for (const text of ["1.2.3.4", "::1", "fe80::1%eth0", "::ffff:1.2.3.4", ""]) {
    assert.equal(through(addr(), text, addr()), text, text);
  }
  assert.equal(hex(addr().encode("1.2.3.4")), "01020304");
  const S = s.struct("S", { A: addr(), N: s.int() });
  assert.deepEqual(through(S, { A: "", N: 1 }, S), { A: "", N: 1 });
});

test("[GOB-36] urls are texts as they are", () => {
  assert.equal(through(url(), "http://x", url()), "http://x");
  assert.equal(through(url(), new URL("http://x"), url()), "http://x/");
  const S = s.struct("S", { U: s.optional(url()), V: url(), N: s.int() });
  assert.deepEqual(through(s.struct("S", { N: s.int() }), { N: 1 }, S), { V: "", N: 1 });
});
