/** Keys of maps in JSON. A key is a text: Go takes strings, integers, and types with MarshalText for one, and no others. */
import type { PlainWriter } from "../plain/format.js";
import { fail } from "../schema/failure.js";
import { readInstant } from "../schema/instant.js";
import { timeText } from "./texts.js";

/** Takes the place of the writer while a key is written. */
export class KeyWriter implements PlainWriter {
  readonly layer = "json";
  readonly #write: (text: string) => void;

  /** @param write - writes the text of a key. */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  string(value: string): void {
    this.#write(value);
  }
  numberText(text: string): void {
    this.#write(text);
  }
  int(value: number | bigint): void {
    this.#write(String(value));
  }
  marshaled(goName: string, bytes: Uint8Array): void {
    if (goName !== "time.Time") refuse(goName);
    this.#write(timeText(readInstant(bytes)));
  }

  nil(): void {
    refuse("nil");
  }
  bool(): void {
    refuse("bool");
  }
  float(): void {
    refuse("float");
  }
  bytes(): void {
    refuse("[]uint8");
  }
  byteArray(): void {
    refuse("array");
  }
  extension(): void {
    refuse("extension");
  }
  openArray(): void {
    refuse("array");
  }
  closeArray(): void {}
  openMap(): void {
    refuse("struct or map");
  }
  fieldName(): void {}
  closeMap(): void {}
  get keys(): PlainWriter {
    return this;
  }
}

function refuse(kind: string): never {
  fail("bad-value", `unsupported type: map with ${kind} keys`);
}
