/** net/rpc calls, for the channel `goplug:call` and for traces. */
import type { CallContext, CallEnd, Service, ServiceMethod } from "../../protocol/netrpc/index.js";
import { type CallMessage, callChannel } from "./diagnostics.js";
import { tracer, traceStart } from "./trace.js";

let lastCall = 0;

/**
 * Reports that a call starts.
 *
 * @returns what to call at its end, with the error if it failed. Undefined when nobody wants to know.
 */
function watchCall(side: CallMessage["side"], serviceMethod: string): CallEnd | undefined {
  const isPublished = callChannel.hasSubscribers;
  if (!isPublished && tracer("rpc") === undefined) return undefined;
  const facts = { call: ++lastCall, side, serviceMethod };
  const startedAt = performance.now();
  const endTrace = traceStart("rpc", `call ${facts.call} ${side} ${serviceMethod}`);
  if (isPublished) callChannel.publish({ event: "start", ...facts });
  return (error) => {
    endTrace?.(error);
    if (!isPublished) return;
    const durationMs = performance.now() - startedAt;
    callChannel.publish(
      error === undefined
        ? { event: "end", ...facts, durationMs }
        : { event: "error", ...facts, durationMs, error },
    );
  };
}

/** Reports the calls that this process makes: for RpcClient's option `onCall`. */
export const watchOwnCall = (serviceMethod: string): CallEnd | undefined =>
  watchCall("caller", serviceMethod);

/** A service whose calls are reported, and which is otherwise the same. */
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
