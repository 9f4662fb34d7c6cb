/** What a plugin may leave behind when it has ended, and how it is removed. */
import type { Readable } from "node:stream";
import { type Address, connectSocket } from "../net/socket.js";
import { removeSocketFile } from "../net/socket-file.js";
import { settled } from "../settled.js";
import { removeSocketDir } from "./socket-dir.js";

/** How long the pipes of an ended plugin may stay open in the hands of its children, in milliseconds. */
const DRAIN_MS = 200;

/** Where to look for what a plugin left. */
export interface Places {
  /** Its stdout and stderr; none if we did not start it. */
  readonly outputs?: readonly Readable[];
  /** Undefined until the plugin has said where it listens. */
  readonly address?: Address;
  /** The directory that was made for its sockets. */
  readonly socketDir?: string | undefined;
  /** We did not start it: the address may be another plugin's, and a socket that answers stays. */
  readonly isForeign?: boolean;
}

/** The pipes, the socket file and the directory of one plugin. */
export class Remains {
  readonly #places: Places;
  #tidied: Promise<void> | undefined;

  constructor(places: Places) {
    this.#places = places;
  }

  /** Removes everything after the plugin's end. Later calls wait for the first one. Never rejects. */
  tidy(): Promise<void> {
    this.#tidied ??= this.#tidy();
    return this.#tidied;
  }

  /** The part of `tidy` that is synchronous: our own process may be exiting. */
  tidyNow(): void {
    const { address, socketDir } = this.#places;
    if (address !== undefined) removeSocketFile(address);
    removeSocketDir(socketDir);
  }

  async #isInUse(): Promise<boolean> {
    const { address, isForeign } = this.#places;
    return isForeign === true && address !== undefined && (await answers(address));
  }

  async #tidy(): Promise<void> {
    if (!(await this.#isInUse())) this.tidyNow();
    await drain(this.#places.outputs ?? []);
  }
}

/** Whether somebody listens there. */
async function answers(address: Address): Promise<boolean> {
  try {
    const probe = await connectSocket(address);
    probe.destroy();
    return true;
  } catch {
    return false;
  }
}

/** Lets the last output of an ended plugin arrive, then drops its pipes: a grandchild may hold them for ever. */
export async function drain(pipes: readonly Readable[]): Promise<void> {
  const closed = pipes.map((pipe) =>
    pipe.closed ? undefined : new Promise((resolve) => pipe.once("close", resolve)),
  );
  await settled(Promise.all(closed), DRAIN_MS);
  // If our process was busy all this time, the pipes still hold data. One turn of the event loop reads it.
  await new Promise(setImmediate);
  for (const pipe of pipes) pipe.destroy();
}
