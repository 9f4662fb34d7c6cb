// The contract of host and plugin, the twin of the net/rpc half of go-plugin's examples/grpc/shared.

import { definePlugin, gob } from "goplug";

export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

export const kv = definePlugin({
  // Go passes map[string]interface{}{"key": key, "value": value}.
  Put: { args: gob.record(gob.any()), reply: gob.any() },
  Get: { args: gob.string(), reply: gob.bytes() },
});
