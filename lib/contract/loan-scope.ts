/** What one call lends and borrows. */
import type { CallScope } from "../../protocol/netrpc/index.js";

/** Something lent that can be taken back. */
export interface Loan {
  /** Whether it was lent for the time of the call only. */
  readonly endsWithCall: boolean;
  /**
   * Ends it, even if the borrower has not come yet.
   *
   * @param cause - why the call failed, if it did.
   */
  withdraw(cause?: unknown): void;
}

/**
 * The loans of one call. Lent schemas get it as their context. They prepare while a value is encoded or decoded, and
 * what they prepared starts when the value is complete: an incomplete value may be decoded again from its
 * beginning, and one that cannot be encoded must lend nothing.
 *
 * @typeParam B - the broker that the ids belong to. A parameter, because the broker makes these scopes and imports
 *   this file.
 */
export class LoanScope<out B> implements CallScope {
  readonly broker: B;
  #prepared: (() => Loan | undefined)[] = [];
  #loans: Loan[] = [];

  constructor(broker: B) {
    this.broker = broker;
  }

  /** Keeps `start` until the value is complete. It returns a loan, or nothing when it only borrows. */
  prepare(start: () => Loan | undefined): void {
    this.#prepared.push(start);
  }

  /** The value is complete: starts what was prepared for it. */
  commit(): void {
    if (this.#prepared.length === 0) return;
    const starts = this.#prepared;
    this.#prepared = [];
    for (const start of starts) {
      const loan = start();
      if (loan !== undefined) this.#loans.push(loan);
    }
  }

  /** The value failed or is not complete: forgets what was prepared for it. */
  rollback(): void {
    if (this.#prepared.length > 0) this.#prepared = [];
  }

  /**
   * The call is over. A call that failed takes back everything it lent, because the peer may never have
   * received the ids.
   */
  end(cause?: unknown): void {
    for (const loan of this.#loans) {
      if (cause !== undefined || loan.endsWithCall) loan.withdraw(cause);
    }
  }
}
