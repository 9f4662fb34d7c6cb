import { text } from "node:stream/consumers";
import { serve } from "goplug";
import { handshake, uploads } from "./contract.js";

const plugin = uploads.implement({
  FileWillBeUploaded: async ({ Name, file, replacement }) => {
    // Nothing is closed here: the file and the replacement are lent for the call, and end with it.
    if (Name.endsWith(".exe")) return "programs are not allowed";
    const content = await text(file);
    if (content === "") throw new Error("the file is empty");
    replacement.write(content.toUpperCase());
    return "";
  },
});

serve({ handshake, plugins: { uploads: plugin } });
