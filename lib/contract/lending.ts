/** The schema under all that is lent: a broker id on the wire, and behind it a stream [BROKER-11]. */
import type { DuplexSource } from "../../mux/duplex.js";
import { MuxError } from "../../mux/errors.js";
import type { Stream } from "../../mux/stream.js";
import { Deferred } from "../../protocol/async/deferred.js";
import { CodecError } from "../../protocol/errors.js";
import { type RequiredCodec, uint32 } from "../../protocol/schema/index.js";
import { DeferredConn } from "./deferred-conn.js";
import { type Loan, LoanScope } from "./loan-scope.js";
import type { MuxBroker } from "./mux-broker.js";

/** How something is lent. */
export interface LentOptions {
  /**
   * How long the loan lasts. `open`, the default: until the borrower closes it. `call`, for arguments: until the
   * borrower closes it or the call is over. In both cases it ends when the call fails, and with the session. What a
   * reply lends is always `open`.
   */
  readonly scope?: "open" | "call";
}

/** Waits until the borrower dials `id`, and serves it until `signal` fires. */
export type ServeLoan = (id: number, signal: AbortSignal) => Promise<void>;

/** The context of codecs in the schemas of a call: the broker, and the loans that begin and end with the call. */
export type CallLoans = LoanScope<MuxBroker>;

/** What a lent schema does on each side. */
export interface Lending<I, O> {
  /**
   * On the lender's side: checks `given`. Does nothing else yet, because the value that it is part of may still fail
   * to encode.
   *
   * @throws CodecError `bad-value` for what cannot be lent.
   */
  lend(given: I, broker: MuxBroker): ServeLoan;
  /** On the borrower's side: opens the stream. Default: `broker.dial`, whose stream keeps the process alive. */
  dial?(broker: MuxBroker, id: number): Promise<Stream>;
  /** On the borrower's side: what the user gets, usable while `conn` is still being dialled. */
  borrow(conn: DuplexSource, broker: MuxBroker): O;
  /**
   * On the borrower's side: the call is over, and the loan with it. Closes what is still open. What the borrower has
   * closed itself is left alone.
   *
   * @param failure - why the call failed, as an error to give to those who still use the stream. Undefined after an
   *   answer: then what was written goes out, and the end after it.
   */
  giveBack(borrowed: O, conn: DuplexSource, failure: Error | undefined): void;
}

/** Makes the schema: a `uint32`, the broker id that the lender accepts and the borrower dials. */
export function lending<I, O>(of: Lending<I, O>, options: LentOptions = {}): RequiredCodec<I, O> {
  const endsWithCall = options.scope === "call";
  // Async, because one that throws must fail the stream and not the call.
  const open = async (broker: MuxBroker, id: number) => (of.dial ?? dialAndHold)(broker, id);
  return {
    kind: "codec",
    wire: uint32(),
    absent: 0,
    encode: (given: I, context: unknown) => {
      const scope = callLoans(context);
      const serve = of.lend(given, scope.broker);
      const id = scope.broker.nextId();
      scope.prepare(() => startLending(serve, id, endsWithCall));
      return id;
    },
    decode: (id: number, context: unknown) => {
      const scope = callLoans(context);
      if (id === 0)
        throw refused("id 0 means that nothing was lent; use gob.optional where that may be");
      const dialled = new Deferred<Stream>();
      const conn = new DeferredConn(dialled.promise);
      const borrowed = of.borrow(conn, scope.broker);
      scope.prepare(() => {
        dialled.resolve(open(scope.broker, id));
        return new BorrowedLoan(dialled.promise, endsWithCall, (failure) =>
          of.giveBack(borrowed, conn, failure),
        );
      });
      return borrowed;
    },
  };
}

const dialAndHold = (broker: MuxBroker, id: number): Promise<Stream> => broker.dial(id);

function startLending(serve: ServeLoan, id: number, endsWithCall: boolean): Loan {
  const controller = new AbortController();
  // A failure ends the loan: nobody dialled in time, the borrower closed its stream, the source failed. It needs no
  // report here, because the stream that was lent reports it.
  serve(id, controller.signal).catch(() => {});
  return { endsWithCall, end: (cause) => controller.abort(cause ?? new LoanOver()) };
}

class BorrowedLoan implements Loan {
  readonly endsWithCall: boolean;
  readonly #giveBack: (failure: Error | undefined) => void;
  #opening: Promise<unknown> | undefined;

  constructor(
    dialled: Promise<unknown>,
    endsWithCall: boolean,
    giveBack: (failure: Error | undefined) => void,
  ) {
    this.endsWithCall = endsWithCall;
    this.#giveBack = giveBack;
    const settled = () => {
      this.#opening = undefined;
    };
    this.#opening = dialled.then(settled, settled);
  }

  get opening(): Promise<unknown> | undefined {
    return this.#opening;
  }

  /**
   * [BROKER-12] After an answer at once: the end of the bytes is to reach the lender before the answer does. After a failure later:
   * a lender that gets the answer first knows why its stream is reset.
   */
  end(cause?: unknown): void {
    if (cause === undefined) this.#giveBack(undefined);
    else setImmediate(() => this.#giveBack(callEnded(cause)));
  }
}

/**
 * The context that a codec in a schema gets, with its type.
 *
 * @throws CodecError `bad-value` outside of a call that can lend: with gob alone, and with net/rpc without a broker.
 */
export function callLoans(context: unknown): CallLoans {
  if (context instanceof LoanScope) return context;
  throw refused("this schema needs a broker; use it in a contract, not with gob alone");
}

/** Why a lender's signal fires after an answer: the call is over, and did not fail. */
export class LoanOver extends MuxError {
  constructor() {
    super("stream-closed", "broker: the call that lent this stream has ended");
  }
}

/** The error of a stream whose call is over. @param cause - why the call failed, if it did. */
export function callEnded(cause?: unknown): MuxError {
  if (cause === undefined) return new LoanOver();
  return new MuxError("stream-closed", "broker: the call that lent this stream has failed", {
    cause,
  });
}

/** The error for a value that cannot be lent or borrowed. */
export const refused = (why: string): CodecError => new CodecError("bad-value", `lent: ${why}`);
