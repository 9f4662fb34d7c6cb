import type { Readable, Writable } from "node:stream";
import type { DuplexSource } from "../../mux/duplex.js";
import type { Stream } from "../../mux/stream.js";
import { CodecError } from "../../protocol/errors.js";
import { type Caller, caller, type Methods, service } from "../../protocol/netrpc/index.js";
import { type CodecSchema, uint32 } from "../../protocol/schema/index.js";
import { PLUGIN_SERVICE } from "./services.js";
import { DeferredConn } from "./deferred-conn.js";
import type { PluginCallContext, PluginContract, PluginImplementation } from "./define-plugin.js";
import {
  type ByteSink,
  type ByteSource,
  lendSink,
  lendSource,
  whyNoSink,
  whyNoSource,
} from "./lend-bytes.js";
import { IncomingBytes, OutgoingBytes } from "./byte-streams.js";
import { type Loan, LoanScope } from "./loan-scope.js";
import type { MuxBroker } from "./mux-broker.js";

export type { ByteSink, ByteSource } from "./lend-bytes.js";

export interface LentOptions {
  /**
   * How long the loan lasts: until the borrower closes it (`open`, the default), or to the end of the
   * call at the latest, for arguments (`call`). The end of the session ends both.
   */
  readonly scope?: "open" | "call";
}

/** Waits for the borrower on `id` and serves it until `signal` fires. */
type Serve = (id: number, signal: AbortSignal) => Promise<void>;

/** What a lent schema does on each side. */
interface Lending<I, O> {
  /** Refuses what cannot be lent; touches nothing yet, because the rest of the value may not fit. */
  lend(given: I, broker: MuxBroker): Serve;
  /** The borrower's stream: it keeps the process alive if the bytes on it are the point. */
  dial(broker: MuxBroker, id: number): Promise<Stream>;
  /** What the borrower gets, usable at once. */
  borrow(conn: DuplexSource, broker: MuxBroker): O;
}

/** A `uint32` on the wire: the broker id that the lender accepts and the borrower dials [BROKER-11]. */
function lending<I, O>(what: Lending<I, O>, options: LentOptions = {}): CodecSchema<I, O> {
  const endsWithCall = options.scope === "call";
  return {
    kind: "codec",
    wire: uint32(),
    absent: 0,
    encode: (given: I, context: unknown) => {
      const scope = scopeOf(context);
      const serve = what.lend(given, scope.broker);
      const id = scope.broker.nextId();
      scope.prepare(() => start(serve, id));
      return id;
    },
    decode: (id: number, context: unknown) => {
      const scope = scopeOf(context);
      if (id === 0)
        throw refused("id 0 means that nothing was lent; use gob.optional where that may be");
      const dialled = new Dialled();
      scope.prepare(() => dialled.start(what.dial(scope.broker, id)));
      return what.borrow(dialled.conn, scope.broker);
    },
  };

  function start(serve: Serve, id: number): Loan {
    const controller = new AbortController();
    // Nobody dialled in time, the borrower went away, the source failed: the loan is over, and what
    // was given has been told by its own stream.
    serve(id, controller.signal).catch(() => {});
    return { endsWithCall, withdraw: (cause) => controller.abort(cause) };
  }
}

/** The borrower's stream: made when a value is read, dialled when it is whole. */
class Dialled {
  readonly conn: DeferredConn;
  #resolve!: (stream: Promise<Stream>) => void;

  constructor() {
    this.conn = new DeferredConn(
      new Promise((resolve) => {
        this.#resolve = resolve;
      }),
    );
  }

  start(stream: Promise<Stream>): undefined {
    this.#resolve(stream);
  }
}

function scopeOf(context: unknown): LoanScope<MuxBroker> {
  if (context instanceof LoanScope) return context;
  throw refused("this schema needs a broker; use it in a contract, not with gob alone");
}

const refused = (why: string): CodecError => new CodecError("bad-value", `lent: ${why}`);

/**
 * A contract lent to the other side: the lender passes an implementation, the borrower gets a typed
 * caller and closes it when done (`await using`). Go code sees a `uint32` for `broker.Dial`.
 *
 * A contract may lend itself: in a getter, `{ get args() { return lent(self); }, ... }`, and with its
 * type written out.
 */
function lentContract<M>(
  contract: PluginContract<M>,
  options?: LentOptions,
): CodecSchema<PluginImplementation<M>, Caller<M>> {
  // The bound stays off M: an interface, as a contract that lends itself needs, has no index.
  const methods = contract.methods as M & Methods;
  const { registry } = contract;
  return lending<PluginImplementation<M>, Caller<M>>(
    {
      lend: (given, broker) => {
        const own = service<M & Methods, PluginCallContext>(
          methods,
          given as PluginImplementation<M & Methods>,
          (call) => ({ ...call, broker }),
        );
        return (id, signal) => broker.acceptAndServe(id, own, { signal, registry });
      },
      dial: (broker, id) => broker.dialForCalls(id),
      borrow: (conn, broker) => caller(broker.rpcClient(conn, registry), PLUGIN_SERVICE, methods),
    },
    options,
  );
}

/**
 * Bytes that the lender offers and the borrower reads: an iterable, a Node or a web stream on one
 * side, a Node Readable on the other. The borrower ends the loan early with `destroy()`, which stops
 * the source; a source that fails resets the borrower's stream.
 */
function reader(options?: LentOptions): CodecSchema<ByteSource, Readable> {
  return lending<ByteSource, Readable>(
    {
      lend: (given, broker) => {
        const why = whyNoSource(given);
        if (why !== undefined) throw refused(why);
        return (id, signal) => lendSource(given, broker.accept(id, { signal }), signal);
      },
      dial: (broker, id) => broker.dial(id),
      borrow: (conn) => new IncomingBytes(conn),
    },
    options,
  );
}

/**
 * A place where the borrower writes: a Node or web stream on the lender's side, a Node Writable on the
 * borrower's, who ends the loan with `end()`. The last bytes may reach the lender's stream after the
 * call that lent it has returned: wait for its `finish`. One that nobody dials, or that the borrower
 * gives up, is destroyed with the reason.
 */
function writer(options?: LentOptions): CodecSchema<ByteSink, Writable> {
  return lending<ByteSink, Writable>(
    {
      lend: (given, broker) => {
        const why = whyNoSink(given);
        if (why !== undefined) throw refused(why);
        return (id, signal) => lendSink(given, broker.accept(id, { signal }), signal);
      },
      dial: (broker, id) => broker.dial(id),
      borrow: (conn) => new OutgoingBytes(conn),
    },
    options,
  );
}

/** Schemas for what is lent: a contract, a reader, a writer. */
export const lent = Object.assign(lentContract, { reader, writer });
