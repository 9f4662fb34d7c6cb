// The contract of host and plugin, the twin of go-plugin's examples/basic/shared.

import { definePlugin, gob } from "goplug";

export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

// Go: func (g *Greeter) Greet() string. Its net/rpc form has an unused interface{} argument.
export const greeter = definePlugin({ Greet: { args: gob.any(), reply: gob.string() } });
