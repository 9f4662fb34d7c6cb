import { definePlugin, gob, lent } from "goplug";
import { remoteReader } from "./remote-reader.js";

export const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};

export const uploads = definePlugin({
  // The plugin reads the file, and may write another one in its place. The reply says why the file is refused; empty if
  // it is not.
  FileWillBeUploaded: {
    args: gob.struct("UploadArgs", {
      Name: gob.string(),
      file: gob.field("FileID", remoteReader({ scope: "call" })),
      replacement: gob.field("ReplacementID", lent.writer({ scope: "call" })),
    }),
    reply: gob.string(),
  },
});
