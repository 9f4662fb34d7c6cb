/** What plugins of Packer get from their host. */
import { gob } from "goplug";
import type { Service } from "goplug/netrpc";
import type { Services } from "../../examples/packer/peer.js";
import { type UiOutput, uiService } from "../../examples/packer/ui.js";

/** A Ui that keeps what it is told. */
export interface RecordingUi {
  /** What to serve on a stream: this Ui with its progress bars, and other services. */
  with(others: Services): (register: (name: string, service: Service) => void) => Services;
  /** Each step of each progress bar: `bar 3/10`. */
  readonly steps: string[];
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
  };
  const steps: string[] = [];
  const output: UiOutput = {
    say,
    ask: (query) => `answer to ${query}`,
    progress: ({ source, size, total }) => steps.push(`${source} ${size}/${total}`),
  };
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      waiting.set(text, resolve);
    });
  return {
    with: (others) => (register) => ({ ...others, Ui: uiService(output, register) }),
    said,
    steps,
    says,
  };
}

/** A configuration as Packer makes it from a JSON template. */
export const config = (
  of: Readonly<Record<string, string | number | boolean | readonly string[]>>,
) =>
  gob.value(
    gob.record(gob.any()),
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, goValue(value)])),
  );

function goValue(value: string | number | boolean | readonly string[]) {
  if (typeof value === "number") return gob.value(gob.int64(), BigInt(value));
  return typeof value === "object" ? gob.value(gob.slice(gob.string()), value) : value;
}
