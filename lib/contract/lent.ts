/** The schemas for what one side lends to the other: contracts, readers and writers [BROKER-11]. */
import type { Readable, Writable } from "node:stream";
import { type Caller, caller, type Methods, service } from "../../protocol/netrpc/index.js";
import { shapeOf } from "../../protocol/schema/failure.js";
import type { RequiredCodec } from "../../protocol/schema/index.js";
import { isObject } from "../../protocol/schema/keys.js";
import { IncomingBytes, OutgoingBytes } from "./byte-streams.js";
import type { PluginCallContext, PluginContract, PluginImplementation } from "./define-plugin.js";
import {
  type ByteSink,
  type ByteSource,
  lendSink,
  lendSource,
  type ServeBytes,
} from "./lend-bytes.js";
import { callEnded, type LentOptions, lending, refused, type ServeLoan } from "./lending.js";
import type { MuxBroker } from "./mux-broker.js";
import { PLUGIN_SERVICE } from "./services.js";

/**
 * A contract lent to the other side. The lender passes an implementation. The borrower gets a typed caller and
 * closes it when done (`await using`). Go code sees a `uint32` for `broker.Dial`.
 *
 * A contract may lend itself: in a getter, `{ get args() { return lent(self); }, ... }`, and with its type
 * written out.
 *
 * @throws CodecError `bad-value` for what is not a contract.
 */
function lentContract<M>(
  contract: PluginContract<M>,
  options?: LentOptions,
): RequiredCodec<PluginImplementation<M>, Caller<M>> {
  // M itself has no bound: the type of a contract that lends itself must be an interface, and an interface has no
  // index signature.
  if (!isObject(contract) || !isObject(contract.methods)) {
    throw refused(`want a contract, as definePlugin makes it; got ${shapeOf(contract)}`);
  }
  const methods = contract.methods as M & Methods;
  return lending<PluginImplementation<M>, Caller<M>>(
    {
      lend: (given, broker) => {
        const own = service<M & Methods, PluginCallContext>(
          methods,
          // The type of `lend` has checked it. What M is, is not known here.
          given as never,
          (call) => ({ ...call, broker }),
        );
        return (id, signal) =>
          broker.acceptAndServe(id, own, { signal, registry: contract.registry });
      },
      // The calls keep the process alive, not the stream between them.
      dial: (broker, id) => broker.dialForCalls(id),
      borrow: (conn, broker) =>
        caller(broker.rpcClient(conn, contract.registry), PLUGIN_SERVICE, methods),
      giveBack: (borrowed, conn, failure) => {
        if (failure === undefined) void borrowed[Symbol.asyncDispose]();
        else conn.destroy(failure);
      },
    },
    options,
  );
}

/** What the two kinds of bytes have in common: a stream that keeps the process alive. */
const lendBytes =
  <I>(lend: (given: I) => ServeBytes) =>
  (given: I, broker: MuxBroker): ServeLoan => {
    const serve = lend(given);
    return (id, signal) => serve(broker.accept(id, { signal }), signal);
  };

/** Schemas for what is lent: a contract, a reader, a writer. */
export const lent = Object.assign(lentContract, {
  /**
   * Bytes that the lender offers and the borrower reads. The lender passes bytes, an iterable of bytes, a Node or
   * a web stream. The borrower gets a Node Readable. To end the loan early it calls `destroy()`, which stops
   * the source. A source that fails resets the borrower's stream. Where the loan ends with its call, a reader that
   * was not read to its end is destroyed then.
   */
  reader: (options?: LentOptions): RequiredCodec<ByteSource, Readable> =>
    lending<ByteSource, Readable>(
      {
        lend: lendBytes(lendSource),
        borrow: (conn) => new IncomingBytes(conn),
        // A reset also after an answer: only that stops a lender whose bytes nobody reads.
        giveBack: (reader, _conn, failure) => void reader.destroy(failure ?? callEnded()),
      },
      options,
    ),

  /**
   * A place where the borrower writes. The lender passes a Node or a web stream. The borrower gets a Node Writable
   * and ends the loan with `end()`. The last bytes may reach the lender's stream after the call that lent it has
   * returned: wait for its `finish`. A stream that nobody dials, or that the borrower gives up, is destroyed
   * with the reason. Where the loan ends with its call, a writer that the borrower left open is ended after an
   * answer, and reset when the call fails.
   */
  writer: (options?: LentOptions): RequiredCodec<ByteSink, Writable> =>
    lending<ByteSink, Writable>(
      {
        lend: lendBytes(lendSink),
        borrow: (conn) => new OutgoingBytes(conn),
        giveBack: (writer, _conn, failure) => {
          // One that the borrower has ended sends what waits, also if the call failed.
          if (writer.writableEnded) return;
          if (failure === undefined) writer.end();
          else writer.destroy(failure);
        },
      },
      options,
    ),
});
