import { randomBytes } from "node:crypto";
import { caller, type RpcClient, type Service, service } from "goplug/netrpc";
import { progress, ui } from "./contract.js";

/** What a Ui does with the texts of a plugin. */
export interface UiOutput {
  say(text: string): void;
  /** Default: the answer is empty. */
  ask?(query: string): string | Promise<string>;
  /** The state of a progress bar, after each step. Default: bars are not shown. */
  progress?(bar: { readonly source: string; readonly size: number; readonly total: number }): void;
}

/** Adds a service to the server of a Ui. Each progress bar is a service of its own there. */
export type Register = (name: string, service: Service) => void;

/** The Ui that a host serves. */
export function uiService(output: UiOutput, register: Register): Service {
  const say = (text: string) => {
    output.say(text);
    return null;
  };
  return service(ui, {
    Ask: (query) => output.ask?.(query) ?? "",
    Say: say,
    Message: say,
    Error: say,
    Machine: ({ Category, Args }) => say([Category, ...Args].join(" ")),
    NewTrackProgress: ({ Src, TotalSize, CurrentSize }) => {
      const id = `${Src}${randomBytes(3).toString("hex")}`;
      register(`Ui${id}`, progressService(Src, CurrentSize, TotalSize, output));
      return id;
    },
  });
}

function progressService(source: string, from: number, total: number, output: UiOutput): Service {
  let size = from;
  return service(progress, {
    Add: (added) => {
      size += added;
      output.progress?.({ source, size, total });
      return null;
    },
    Close: () => null,
  });
}

/** A Ui that passes everything on to the Ui that `rpc` calls. For hooks that a builder runs. */
export function relayedUi(rpc: RpcClient, register: Register): Service {
  const { Ask, Say, Message, Error: Complain, Machine, ...bars } = caller(rpc, "Ui", ui);
  return service(ui, {
    Ask: (query) => Ask(query),
    Say: passOn(Say),
    Message: passOn(Message),
    Error: passOn(Complain),
    Machine: passOn(Machine),
    NewTrackProgress: async (bar) => {
      const id = await bars.NewTrackProgress(bar);
      const { Add, Close } = caller(rpc, `Ui${id}`, progress);
      register(`Ui${id}`, service(progress, { Add: passOn(Add), Close: passOn(Close) }));
      return id;
    },
  });
}

/** Calls, and answers without a value. */
const passOn =
  <A>(call: (args: A) => Promise<unknown>) =>
  async (args: A): Promise<null> => {
    await call(args);
    return null;
  };

/** A progress bar on the other side. */
export interface ProgressBar {
  /** Tells that `size` more bytes have passed. */
  add(size: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a progress bar in the Ui that `rpc` calls. */
export async function trackProgress(
  rpc: RpcClient,
  source: string,
  total: number,
): Promise<ProgressBar> {
  const { NewTrackProgress } = caller(rpc, "Ui", ui);
  const id = await NewTrackProgress({ Src: source, TotalSize: total, CurrentSize: 0 });
  const { Add, Close } = caller(rpc, `Ui${id}`, progress);
  return {
    add: async (size) => void (await Add(size)),
    close: async () => void (await Close()),
  };
}
