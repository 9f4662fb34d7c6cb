/** What plugins of Packer get from their host. */
import { gob } from "goplug";
import { type Service, service } from "goplug/netrpc";
import { ui } from "../../examples/packer/contract.js";

/** A Ui that keeps what it is told. */
export interface RecordingUi {
  readonly service: Service;
  /** The texts so far, without white space at their ends. */
  readonly said: string[];
  /** Resolves when `text` is said from now on. */
  says(text: string): Promise<void>;
}

/** Makes a Ui. It answers each question. */
export function recordingUi(): RecordingUi {
  const said: string[] = [];
  const waiting = new Map<string, () => void>();
  const say = (text: string) => {
    said.push(text.trimEnd());
    waiting.get(text.trimEnd())?.();
    return null;
  };
  const methods = {
    Ask: (query: string) => `answer to ${query}`,
    Say: say,
    Message: say,
    Error: say,
    Machine: ({ Category, Args }: { Category: string; Args: string[] }) =>
      say([Category, ...Args].join(" ")),
  };
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      waiting.set(text, resolve);
    });
  return { service: service(ui, methods), said, says };
}

/** A configuration as Packer makes it from a JSON template. */
export const config = (of: Readonly<Record<string, string | boolean | readonly string[]>>) =>
  gob.value(
    gob.record(gob.any()),
    Object.fromEntries(
      Object.entries(of).map(([key, value]) => [
        key,
        typeof value === "object" ? gob.value(gob.slice(gob.string()), value) : value,
      ]),
    ),
  );
