import type { CallScope } from "../../protocol/netrpc/index.js";

/** Something lent that can be taken back. */
export interface Loan {
  /** Lent for the time of the call only. */
  readonly endsWithCall: boolean;
  /** Ends it, whether the borrower has come or not; `cause` is what the call failed for. */
  withdraw(cause?: unknown): void;
}

/**
 * What one call lends and borrows. Lent schemas get it as their context.
 *
 * @typeParam B - the broker that the ids belong to. It makes these scopes, so this file cannot name it.
 */
export class LoanScope<out B> implements CallScope {
  readonly broker: B;
  #prepared: (() => Loan | undefined)[] = [];
  #loans: Loan[] = [];

  constructor(broker: B) {
    this.broker = broker;
  }

  /** Keeps `start` until the value it belongs to is whole: a value may be read more than once. */
  prepare(start: () => Loan | undefined): void {
    this.#prepared.push(start);
  }

  commit(): void {
    if (this.#prepared.length === 0) return;
    const starts = this.#prepared;
    this.#prepared = [];
    for (const start of starts) {
      const loan = start();
      if (loan !== undefined) this.#loans.push(loan);
    }
  }

  rollback(): void {
    if (this.#prepared.length > 0) this.#prepared = [];
  }

  /** A call that failed takes back all it lent: nobody knows whether the peer heard of it. */
  end(cause?: unknown): void {
    for (const loan of this.#loans) {
      if (cause !== undefined || loan.endsWithCall) loan.withdraw(cause);
    }
  }
}
