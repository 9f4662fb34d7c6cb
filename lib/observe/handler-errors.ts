/**
 * Errors of handlers, for the log of the side whose handlers they are. The caller gets only the text, and Go's servers log
 * nothing either.
 */
import { errorText, isMistake, stackOf } from "../../protocol/error-text.js";
import { isCodecError } from "../../protocol/errors.js";
import type { OnHandlerError } from "../../protocol/netrpc/index.js";
import type { Logger } from "./logger.js";

/** A stack costs more than a call. A method that fails all the time must not become slow by its log. */
const MAX_PER_SECOND = 50;

/**
 * Logs each error with its stack: at level `error` if it shows a mistake in the program (a TypeError and its like, a
 * value that is no error, a reply that does not fit), else at `debug`, because many methods throw on purpose. Of more
 * than 50 in a second the next record tells only the number, as `unlogged`.
 */
export function handlerErrorsTo(logger: Logger): OnHandlerError {
  let second = 0;
  let logged = 0;
  let unlogged = 0;
  return (method, error) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) {
      second = now;
      logged = 0;
    }
    if (logged === MAX_PER_SECOND) {
      unlogged += 1;
      return;
    }
    logged += 1;
    const stack = stackOf(error);
    logger[isMistake(error) || isCodecError(error) ? "error" : "debug"](
      {
        method,
        error: errorText(error),
        ...(stack === undefined ? {} : { stack }),
        ...(unlogged === 0 ? {} : { unlogged }),
      },
      "handler failed",
    );
    unlogged = 0;
  };
}
