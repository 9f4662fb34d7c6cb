import { definePlugin, gob, lent } from "goplug";

export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

// Go sees a uint32 wherever something is lent: the id for broker.Accept and broker.Dial.
export const text = definePlugin({
  // Writes to the host's sink what it reads from the host's source, in capitals.
  Upper: {
    args: gob.struct("UpperArgs", {
      source: gob.field("SourceID", lent.reader()),
      sink: gob.field("SinkID", lent.writer()),
    }),
    reply: gob.empty(),
  },
  // Reads one line of the host's source and hangs up.
  First: { args: lent.reader(), reply: gob.string() },
  // What the host writes to the plugin's log comes out of its lines, numbered.
  Log: { args: gob.empty(), reply: lent.writer() },
  Lines: { args: gob.empty(), reply: lent.reader() },
});
