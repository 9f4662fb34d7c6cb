/** The answer of every reader that takes chunks in while the next value is incomplete. */

/**
 * Returned instead of a value that has not arrived whole: push more bytes and ask again. A symbol, because
 * a value may be anything, `undefined` included.
 */
export const NEED_MORE: unique symbol = Symbol("needMore");
