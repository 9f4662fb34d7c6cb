/** What one call lends and borrows. */
import type { CallScope } from "../../protocol/netrpc/index.js";

/** Something that this side lends or borrows in a call. */
export interface Loan {
  /** Whether it lasts for the time of the call only. */
  readonly endsWithCall: boolean;
  /**
   * On the borrower's side: settles when the stream is there, or cannot be had. Undefined when nothing is awaited
   * any more, and on the lender's side.
   */
  readonly opening?: Promise<unknown> | undefined;
  /**
   * Ends it. The lender takes it back, even if the borrower has not come yet. The borrower closes what is still
   * open.
   *
   * @param cause - why the call failed, if it did.
   */
  end(cause?: unknown): void;
}

/**
 * The loans of one call, on either side of it. Lent schemas get it as their context. They prepare while a value is
 * encoded or decoded, and what they prepared starts when the value is complete: an incomplete value may be decoded
 * again from its beginning, and one that cannot be encoded must lend nothing.
 *
 * @typeParam B - the broker that the ids belong to. A parameter, because the broker makes these scopes and imports
 *   this file.
 */
export class LoanScope<out B> implements CallScope {
  /** The broker of the connection that the call is made on. */
  readonly broker: B;
  // Most calls lend nothing: the lists are made when there is something to keep.
  #prepared: (() => Loan)[] | undefined;
  #loans: Loan[] | undefined;
  #isOver = false;

  /** @param broker - see {@link LoanScope.broker}. */
  constructor(broker: B) {
    this.broker = broker;
  }

  /** Keeps `start` until the value is complete. */
  prepare(start: () => Loan): void {
    this.#prepared ??= [];
    this.#prepared.push(start);
  }

  /** The value is complete: starts what was prepared for it. After {@link end} it is the reply's, which the call does not end. */
  commit(): void {
    const starts = this.#prepared;
    if (starts === undefined) return;
    this.#prepared = undefined;
    const loans = starts.map((start) => start());
    if (!this.#isOver) this.#loans = loans;
  }

  /** The value failed or is not complete: forgets what was prepared for it. */
  rollback(): void {
    this.#prepared = undefined;
  }

  /**
   * Waits until the streams are there that were borrowed for the call. A lender that got the answer first would stop
   * accepting them, and what the handler wrote would be lost. Undefined when there is nothing to wait for.
   */
  settle(): Promise<void> | undefined {
    const opening = this.#loans?.filter((loan) => loan.endsWithCall && loan.opening !== undefined);
    if (opening === undefined || opening.length === 0) return undefined;
    return Promise.allSettled(opening.map((loan) => loan.opening)).then(nextTurn);
  }

  /**
   * The call is over. A call that failed ends all its loans, because the peer may never have received the ids, or
   * does not expect them to be used any more.
   */
  end(cause?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const loans = this.#loans;
    this.#loans = undefined;
    for (const loan of loans ?? []) if (cause !== undefined || loan.endsWithCall) loan.end(cause);
  }
}

/** In this turn, what a handler wrote before the stream was there goes to the stream. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
