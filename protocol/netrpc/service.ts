/** From a contract to the table of methods that a server calls. */
import { RpcError } from "../errors.js";
import { schemaProblem } from "../schema/check.js";
import { shapeOf } from "../schema/failure.js";
import type { AnySchema } from "../schema/index.js";
import { isObject } from "../schema/keys.js";
import type { CallContext, Implementation, Methods } from "./contract.js";
import type { RightKeys } from "./right-keys.js";

/** One method as the server calls it. */
export interface ServiceMethod<C = CallContext> {
  /** The schema of the argument. */
  readonly args: AnySchema;
  /** The schema of the reply. */
  readonly reply: AnySchema;
  /** Returns the reply or a promise of it. The message of an error that it throws goes to the caller. */
  readonly handler: (args: never, call: C) => unknown;
}

/** The methods of one service by their names on the wire, without the name of the service. */
export type Service = ReadonlyMap<string, ServiceMethod>;

/** The name of a method on the wire. */
export const goName = (key: string, method: { readonly go?: string }): string => method.go ?? key;

/**
 * Refuses contracts that a caller object cannot offer. With a method `then`, `await` would take the object
 * for a promise.
 *
 * @throws RpcError `bad-service`.
 */
export function assertMethods(methods: Methods): void {
  if (!isObject(methods)) throw badService(`want an object of methods, got ${shapeOf(methods)}`);
  const names = new Map<string, string>();
  for (const [key, method] of Object.entries(methods)) {
    assertMethod(key, method);
    const name = goName(key, method);
    if (key === "then") {
      throw badService("a method cannot have the key then, give it another and its name as go");
    }
    if (name === "" || name.includes(".")) {
      throw badService(`bad method name ${JSON.stringify(name)}`);
    }
    const other = names.get(name);
    if (other !== undefined) {
      throw badService(`${other} and ${key} are both ${name} on the wire`);
    }
    names.set(name, key);
  }
}

/** A getter is not called, because what it refers to may not exist yet. */
function assertMethod(key: string, method: unknown): void {
  if (!isObject(method)) throw badService(`${key}: want { args, reply }, got ${shapeOf(method)}`);
  for (const part of ["args", "reply"]) {
    const property = Object.getOwnPropertyDescriptor(method, part);
    if (property === undefined ? part in method : !("value" in property)) continue;
    const problem = schemaProblem(property?.value);
    if (problem !== undefined) throw badService(`${key}.${part}: ${problem}`);
  }
  const { go } = method as { go?: unknown };
  if (go !== undefined && typeof go !== "string") {
    throw badService(`${key}.go: want a string, got ${shapeOf(go)}`);
  }
}

const badService = (text: string): RpcError => new RpcError("bad-service", `netrpc: ${text}`);

/** Refuses an implementation that lacks a method. @throws RpcError `bad-service`. */
export function assertImplementation(methods: Methods, implementation: unknown): void {
  if (!isObject(implementation) && typeof implementation !== "function") {
    const names = Object.keys(methods).join(", ");
    throw badService(`want an object with the methods ${names}; got ${shapeOf(implementation)}`);
  }
  for (const key of Object.keys(methods)) {
    if (typeof Reflect.get(implementation, key) !== "function") {
      throw badService(`the implementation lacks the method ${key}`);
    }
  }
}

/**
 * A service out of a contract's methods and their implementation.
 *
 * @param toCall - what handlers get as their second argument, made from net/rpc's own context.
 * @throws RpcError `bad-service` for a method that is missing or cannot be named.
 */
export function service<
  M extends Methods,
  C = CallContext,
  I extends Implementation<M, C> = Implementation<M, C>,
>(
  methods: M,
  implementation: I & RightKeys<M, I>,
  toCall: (call: CallContext) => C = (call) => call as C,
): Service {
  assertMethods(methods);
  assertImplementation(methods, implementation);
  const table = new Map<string, ServiceMethod>();
  for (const [key, method] of Object.entries(methods)) {
    // Looked up at each call: `this` stays the implementation, and spies that tests put there are called.
    const target = implementation as unknown as Record<string, (args: unknown, call: C) => unknown>;
    table.set(goName(key, method), {
      args: method.args,
      reply: method.reply,
      handler: (args: unknown, call: CallContext) => target[key]!(args, toCall(call)),
    });
  }
  return table;
}
