import type { ByteConn } from "../../protocol/bytes/conn.js";
import { StreamDump } from "../../protocol/gob/stream-dump.js";
import type { CallContext, CallEnd, Service, ServiceMethod } from "../../protocol/netrpc/index.js";
import { type CallMessage, callChannel, publishCall } from "./diagnostics.js";
import { TappedConn } from "./tapped-conn.js";
import { tracer, traceStart } from "./trace.js";

let lastCall = 0;

/** Tells of the start of a call, and, by what it returns, of its end; undefined when nobody listens. */
export function watchCall(side: CallMessage["side"], serviceMethod: string): CallEnd | undefined {
  const isPublished = callChannel.hasSubscribers;
  if (!isPublished && tracer("rpc") === undefined) return undefined;
  const facts = { call: ++lastCall, side, serviceMethod };
  const startedAt = performance.now();
  const endTrace = traceStart("rpc", `call ${facts.call} ${side} ${serviceMethod}`);
  if (isPublished) publishCall({ event: "start", ...facts });
  return (error) => {
    endTrace?.(error);
    if (!isPublished) return;
    const durationMs = performance.now() - startedAt;
    publishCall(
      error === undefined
        ? { event: "end", ...facts, durationMs }
        : { event: "error", ...facts, durationMs, error },
    );
  };
}

/** For RpcClient's `onCall`. */
export const watchOwnCall = (serviceMethod: string) => watchCall("caller", serviceMethod);

/** The same service, its calls told of. */
export function watchedService(service: Service): Service {
  const watched = new Map<string, ServiceMethod>();
  for (const [name, method] of service) {
    const handler = (args: never, context: CallContext) => {
      const onEnd = watchCall("server", context.serviceMethod);
      if (onEnd === undefined) return method.handler(args, context);
      const reply = (async () => method.handler(args, context))();
      reply.then(() => onEnd(), onEnd);
      return reply;
    };
    watched.set(name, { ...method, handler });
  }
  return watched;
}

/** A connection of net/rpc whose gob is traced. */
export function watchedConn(conn: ByteConn): ByteConn {
  const say = tracer("gob");
  if (say === undefined) return conn;
  const received = new StreamDump((text) => say(`received\n${text}`));
  const sent = new StreamDump((text) => say(`sent\n${text}`));
  return new TappedConn(conn, {
    onIn: (chunk) => received.push(chunk),
    onOut: (chunk) => sent.push(chunk),
  });
}
