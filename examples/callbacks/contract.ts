import { definePlugin, gob, lent } from "goplug";

export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

// The host lends this service to the plugin.
export const adder = definePlugin({
  Sum: { args: gob.struct("SumArgs", { A: gob.int(), B: gob.int() }), reply: gob.int() },
});

export const counter = definePlugin({
  Put: {
    args: gob.struct("PutArgs", {
      Key: gob.string(),
      Value: gob.int(),
      // In Go this field is a uint32, the id for broker.Dial.
      adder: gob.field("AdderID", lent(adder)),
    }),
    reply: gob.empty(),
  },
  Get: { args: gob.string(), reply: gob.int() },
});
