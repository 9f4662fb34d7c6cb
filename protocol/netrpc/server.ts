/** The answering side of net/rpc: services under their names, for any number of connections. */
import type { ByteConn } from "../bytes/conn.js";
import { RpcError } from "../errors.js";
import { type ServeConnOptions, ServerConn } from "./server-conn.js";
import type { Service, ServiceMethod } from "./service.js";

/** The services of one address. Go: `rpc.Server`. */
export class RpcServer {
  readonly #services = new Map<string, Service>();
  readonly #conns = new Set<ServerConn>();
  /** Methods by `Service.Method`, as far as they were called. */
  readonly #found = new Map<string, ServiceMethod>();

  /**
   * Adds a service under a name, also while connections are served.
   *
   * @throws RpcError `bad-service` when the name is empty or taken. Go: `Server.RegisterName`.
   */
  register(name: string, service: Service): void {
    if (name === "") throw new RpcError("bad-service", "rpc.Register: no service name");
    if (this.#services.has(name)) {
      throw new RpcError("bad-service", `rpc: service already defined: ${name}`);
    }
    this.#services.set(name, service);
  }

  /**
   * Answers the requests of one connection. Resolves when it has ended and the handlers that were
   * running have ended too [NETRPC-14]; never rejects. Go: `Server.ServeConn`.
   */
  serveConn(conn: ByteConn, options: ServeConnOptions = {}): Promise<void> {
    const served = new ServerConn(conn, (name) => this.#find(name), options);
    this.#conns.add(served);
    return served.done.then(() => {
      this.#conns.delete(served);
    });
  }

  /** Answers every call that is being handled, on all connections, with an error. */
  fail(text: string): void {
    for (const conn of this.#conns) conn.fail(text);
  }

  /** The method, or Go's text for why there is none [NETRPC-4] [NETRPC-7]. */
  #find(serviceMethod: string): ServiceMethod | string {
    const known = this.#found.get(serviceMethod);
    if (known !== undefined) return known;
    const found = this.#look(serviceMethod);
    // Texts are not kept: the peer can ask for any number of names, and a service may come later.
    if (typeof found !== "string") this.#found.set(serviceMethod, found);
    return found;
  }

  #look(serviceMethod: string): ServiceMethod | string {
    const dot = serviceMethod.lastIndexOf(".");
    if (dot < 0) return `rpc: service/method request ill-formed: ${serviceMethod}`;
    const service = this.#services.get(serviceMethod.slice(0, dot));
    if (service === undefined) return `rpc: can't find service ${serviceMethod}`;
    return service.get(serviceMethod.slice(dot + 1)) ?? `rpc: can't find method ${serviceMethod}`;
  }
}
