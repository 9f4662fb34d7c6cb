/** Contracts that do not match the peer's types [GOB-56], for the log and the channel `goplug:mismatch`. */
import { type FieldMismatch, mismatchText } from "../../protocol/gob/decode/mismatch.js";
import { mismatchChannel, type Role } from "./diagnostics.js";
import type { Logger, LogLevel } from "./logger.js";

/** A peer can define types without end. */
const MAX_TOLD = 100;

/**
 * Tells each mismatch once for one connection. The level says how likely it is a mistake: `warn` if each side has
 * fields that the other lacks, which is what a misspelt name looks like; `info` if only the contract has more; `debug` if only
 * the peer has, because a contract may leave out what it does not need.
 */
export function mismatchesTo(role: Role, logger: Logger): (mismatch: FieldMismatch) => void {
  const told = new WeakSet<FieldMismatch>();
  let count = 0;
  return (mismatch) => {
    if (told.has(mismatch) || count > MAX_TOLD) return;
    told.add(mismatch);
    count += 1;
    if (count > MAX_TOLD) {
      logger.warn(
        { count: MAX_TOLD },
        "more contracts do not match the peer's types, and are not told",
      );
      return;
    }
    if (mismatchChannel.hasSubscribers) mismatchChannel.publish({ role, ...mismatch });
    const { typeName, got } = mismatch;
    logger[levelOf(mismatch)](
      { type: typeName, peerType: got, difference: mismatchText(mismatch) },
      "contract does not match the peer's type",
    );
  };
}

function levelOf({ unknown, missing }: FieldMismatch): LogLevel {
  if (missing.length === 0) return "debug";
  return unknown.length === 0 ? "info" : "warn";
}
