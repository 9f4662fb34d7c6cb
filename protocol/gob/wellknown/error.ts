import { named, string, struct } from "../../schema/index.js";

const BASIC_ERROR = named("*plugin.BasicError", struct("plugin.BasicError", { Message: string() }));

/** go-plugin's `BasicError`, an error as data: for fields `Error *BasicError` and as a Go `error`. */
export const basicError = () => BASIC_ERROR;
