import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type DuplexSource, toDuplex } from "../mux/duplex.js";
import { CodecError } from "../protocol/errors.js";
import { type Caller, caller, type Methods, service } from "../protocol/netrpc/index.js";
import { type CodecSchema, uint32 } from "../protocol/schema/index.js";
import { DeferredConn } from "./deferred-conn.js";
import type { PluginCallContext, PluginContract, PluginImplementation } from "./define-plugin.js";
import { type Loan, LoanScope } from "./loans.js";
import type { MuxBroker } from "./mux-broker.js";
import { PLUGIN_SERVICE } from "./plugin.js";

/** Where lent bytes come from. */
export type ByteSource =
  | Uint8Array
  | Iterable<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Readable
  | ReadableStream<Uint8Array>;

/** Where lent bytes go. */
export type ByteSink = Writable | WritableStream<Uint8Array>;

export interface LentOptions {
  /**
   * How long the loan lasts: until the borrower closes it (`open`, the default), or to the end of the
   * call at the latest, for arguments (`call`). The end of the session ends both.
   */
  readonly scope?: "open" | "call";
}

/** What a lent schema does on each side. */
interface Lending<I, O> {
  /** Waits for the borrower on `id` and serves it until `signal` fires. */
  lend(given: I, id: number, broker: MuxBroker, signal: AbortSignal): Promise<void>;
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
      const id = scope.broker.nextId();
      scope.prepare(() => start((signal) => what.lend(given, id, scope.broker, signal)));
      return id;
    },
    decode: (id: number, context: unknown) => {
      const scope = scopeOf(context);
      if (id === 0) {
        throw new CodecError(
          "bad-value",
          "lent: id 0 means that nothing was lent; use gob.optional where that may be",
        );
      }
      const dialled = new Dialled();
      scope.prepare(() => dialled.dial(scope.broker, id));
      return what.borrow(dialled.conn, scope.broker);
    },
  };

  function start(serve: (signal: AbortSignal) => Promise<void>): Loan {
    const controller = new AbortController();
    // Nobody dialled in time, the borrower went away, the source failed: the loan is over, and what
    // was given has been told by its own stream.
    serve(controller.signal).catch(() => {});
    return { endsWithCall, withdraw: () => controller.abort() };
  }
}

/** The borrower's stream: made when a value is read, dialled when it is whole. */
class Dialled {
  readonly conn: DeferredConn;
  #resolve!: (stream: ReturnType<MuxBroker["dial"]>) => void;

  constructor() {
    this.conn = new DeferredConn(
      new Promise((resolve) => {
        this.#resolve = resolve;
      }),
    );
  }

  dial(broker: MuxBroker, id: number): undefined {
    this.#resolve(broker.dial(id));
  }
}

function scopeOf(context: unknown): LoanScope {
  if (context instanceof LoanScope) return context;
  throw new CodecError(
    "bad-value",
    "lent: this schema needs a broker; use it in a contract, not with gob alone",
  );
}

/**
 * A contract lent to the other side: the lender passes an implementation, the borrower gets a typed
 * caller and closes it when done (`await using`). Go code sees a `uint32` for `broker.Dial`.
 */
function lentContract<M extends Methods>(
  contract: PluginContract<M>,
  options?: LentOptions,
): CodecSchema<PluginImplementation<M>, Caller<M>> {
  const { methods } = contract;
  return lending<PluginImplementation<M>, Caller<M>>(
    {
      lend: (given, id, broker, signal) => {
        const own = service<M, PluginCallContext>(methods, given, (call) => ({ ...call, broker }));
        return broker.acceptAndServe(id, own, { signal });
      },
      borrow: (conn, broker) => caller(broker.rpcClient(conn), PLUGIN_SERVICE, methods),
    },
    options,
  );
}

/**
 * Bytes that the lender offers and the borrower reads: an iterable, a Node or a web stream on one
 * side, a Node Readable on the other. The borrower ends the loan early with `destroy()`.
 */
function reader(options?: LentOptions): CodecSchema<ByteSource, Readable> {
  return lending<ByteSource, Readable>(
    {
      lend: async (given, id, broker, signal) => {
        const source = toReadable(given);
        try {
          const stream = toDuplex(await broker.accept(id, { signal }));
          // Reads the borrower's end, and with it a reset: it stops the source.
          stream.resume();
          await pipeline(source, stream, { signal });
        } finally {
          source.destroy();
        }
      },
      borrow: (conn) => {
        const stream = toDuplex(conn);
        stream.end();
        return stream;
      },
    },
    options,
  );
}

/**
 * A place where the borrower writes: a Node or web stream on the lender's side, a Node Writable on the
 * borrower's, who ends the loan with `end()`.
 */
function writer(options?: LentOptions): CodecSchema<ByteSink, Writable> {
  return lending<ByteSink, Writable>(
    {
      lend: async (given, id, broker, signal) => {
        const sink = given instanceof Writable ? given : Writable.fromWeb(given as never);
        try {
          const stream = toDuplex(await broker.accept(id, { signal }));
          await pipeline(stream, sink, { signal, end: true });
          stream.end();
        } catch (error) {
          sink.destroy(error as Error);
          throw error;
        }
      },
      borrow: (conn) => {
        const stream = toDuplex(conn);
        stream.resume();
        return stream;
      },
    },
    options,
  );
}

function toReadable(source: ByteSource): Readable {
  if (source instanceof Readable) return source;
  if (source instanceof ReadableStream) return Readable.fromWeb(source as never);
  if (source instanceof Uint8Array) return Readable.from([source]);
  return Readable.from(source, { objectMode: false });
}

/** Schemas for what is lent: a contract, a reader, a writer. */
export const lent = Object.assign(lentContract, { reader, writer });
