/** go-plugin's `BasicError`. */
import { named, string, struct } from "../../schema/index.js";

const BASIC_ERROR = named(
  "*plugin.BasicError",
  struct("plugin.BasicError", {
    /** The text that Go's `Error()` returns. */
    Message: string(),
  }),
);

/** go-plugin's `BasicError`, an error as data: for fields of type `*BasicError`, and as the value of a Go `error`. */
export const basicError = () => BASIC_ERROR;
