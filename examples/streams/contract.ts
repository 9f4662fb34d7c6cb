import { definePlugin, gob, lent } from "goplug";

export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

// In Go, everything that is lent is a uint32: the id for broker.Accept and broker.Dial.
export const text = definePlugin({
  // Reads the host's source and writes it to the host's sink, in capitals.
  Upper: {
    args: gob.struct("UpperArgs", {
      source: gob.field("SourceID", lent.reader()),
      sink: gob.field("SinkID", lent.writer()),
    }),
    reply: gob.empty(),
  },
  // Reads one line of the host's source and closes it.
  First: { args: lent.reader(), reply: gob.string() },
  // The host writes lines to Log and reads them from Lines, numbered.
  Log: { args: gob.empty(), reply: lent.writer() },
  Lines: { args: gob.empty(), reply: lent.reader() },
});
