import { definePlugin, gob } from "goplug";

// The twin of go-plugin's examples/basic/shared: what host and plugin agree on.
export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

// func (g *Greeter) Greet() string; its net/rpc form takes an interface{} that means nothing.
export const greeter = definePlugin({ Greet: { args: gob.any(), reply: gob.string() } });
