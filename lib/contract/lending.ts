/** The schema under all that is lent: a broker id on the wire, and behind it a stream [BROKER-11]. */
import type { DuplexSource } from "../../mux/duplex.js";
import type { Stream } from "../../mux/stream.js";
import { Deferred } from "../../protocol/async/deferred.js";
import { CodecError } from "../../protocol/errors.js";
import { type CodecSchema, uint32 } from "../../protocol/schema/index.js";
import { DeferredConn } from "./deferred-conn.js";
import { type Loan, LoanScope } from "./loan-scope.js";
import type { MuxBroker } from "./mux-broker.js";

/** How something is lent. */
export interface LentOptions {
  /**
   * How long the loan lasts. `open`, the default: until the borrower closes it. `call`, for arguments: until the
   * borrower closes it or the call is over. In both cases it ends with the session.
   */
  readonly scope?: "open" | "call";
}

/** Waits until the borrower dials `id`, and serves it until `signal` fires. */
export type ServeLoan = (id: number, signal: AbortSignal) => Promise<void>;

/** What a lent schema does on each side. */
export interface Lending<I, O> {
  /**
   * On the lender's side: checks `given`. Does nothing else yet, because the value that it is part of may still fail
   * to encode.
   *
   * @throws CodecError `bad-value` for what cannot be lent.
   */
  lend(given: I, broker: MuxBroker): ServeLoan;
  /** On the borrower's side: opens the stream, which keeps the process alive or does not. */
  dial(broker: MuxBroker, id: number): Promise<Stream>;
  /** On the borrower's side: what the user gets, usable while `conn` is still being dialled. */
  borrow(conn: DuplexSource, broker: MuxBroker): O;
}

/** Makes the schema: a `uint32`, the broker id that the lender accepts and the borrower dials. */
export function lending<I, O>(
  { lend, dial, borrow }: Lending<I, O>,
  options: LentOptions = {},
): CodecSchema<I, O> {
  const endsWithCall = options.scope === "call";
  return {
    kind: "codec",
    wire: uint32(),
    absent: 0,
    encode: (given: I, context: unknown) => {
      const scope = scopeOf(context);
      const serve = lend(given, scope.broker);
      const id = scope.broker.nextId();
      scope.prepare(() => startLoan(serve, id, endsWithCall));
      return id;
    },
    decode: (id: number, context: unknown) => {
      const scope = scopeOf(context);
      if (id === 0)
        throw refused("id 0 means that nothing was lent; use gob.optional where that may be");
      const dialled = new Deferred<Stream>();
      scope.prepare(() => {
        dialled.resolve(dial(scope.broker, id));
        return undefined;
      });
      return borrow(new DeferredConn(dialled.promise), scope.broker);
    },
  };
}

function startLoan(serve: ServeLoan, id: number, endsWithCall: boolean): Loan {
  const controller = new AbortController();
  // A failure ends the loan: nobody dialled in time, the borrower closed its stream, the source failed. It needs no
  // report here, because the stream that was lent reports it.
  serve(id, controller.signal).catch(() => {});
  return { endsWithCall, withdraw: (cause) => controller.abort(cause) };
}

function scopeOf(context: unknown): LoanScope<MuxBroker> {
  if (context instanceof LoanScope) return context;
  throw refused("this schema needs a broker; use it in a contract, not with gob alone");
}

/** The error for a value that cannot be lent or borrowed. */
export const refused = (why: string): CodecError => new CodecError("bad-value", `lent: ${why}`);
