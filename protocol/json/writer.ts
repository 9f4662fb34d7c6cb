/** How schemas write JSON. */
import type { PlainWriter } from "../plain/format.js";
import { fail } from "../schema/failure.js";
import { readInstant } from "../schema/instant.js";
import { KeyWriter } from "./key-writer.js";
import { float32Text, timeText } from "./texts.js";

/**
 * One JSON text, in the forms of Go's encoding/json [NETRPC-23]. Not `JSON.stringify`: that cannot write
 * a bigint, and it would need the value as plain objects first.
 */
export class JsonWriter implements PlainWriter {
  readonly layer = "json";
  #parts: string[] = [];
  /** A value stands before the next one, which thus begins with a comma. A key does not count as one. */
  #isAfterValue = false;
  readonly keys: PlainWriter = new KeyWriter((name) => this.fieldName(name));

  /** Everything written. The writer starts anew. */
  take(): string {
    const text = this.#parts.join("");
    this.discard();
    return text;
  }
  /** Drops everything written, after an error in the middle of a value. */
  discard(): void {
    this.#parts = [];
    this.#isAfterValue = false;
  }

  nil(): void {
    this.#value("null");
  }
  bool(value: boolean): void {
    this.#value(String(value));
  }
  int(value: number | bigint): void {
    this.#value(String(value));
  }
  /** `String` would write -0 as 0. JSON has no form for NaN and infinities, and Go refuses them. */
  float(value: number, bits: 32 | 64): void {
    if (!Number.isFinite(value)) fail("bad-value", `unsupported value: ${value}`);
    this.#value(Object.is(value, -0) ? "-0" : bits === 64 ? String(value) : float32Text(value));
  }
  string(value: string): void {
    this.#value(JSON.stringify(value));
  }
  /** As Go, which takes an empty text for 0. */
  numberText(text: string): void {
    this.#value(text === "" ? "0" : text);
  }
  bytes(value: Uint8Array): void {
    const { buffer, byteOffset, byteLength } = value;
    this.#value(`"${Buffer.from(buffer, byteOffset, byteLength).toString("base64")}"`);
  }
  /** encoding/json writes base64 for `[]byte` only. */
  byteArray(value: Uint8Array): void {
    this.#value(`[${value.join(",")}]`);
  }
  /** Go's other types with `MarshalBinary` have JSON forms of their own, which the bytes do not tell. */
  marshaled(goName: string, bytes: Uint8Array): void {
    if (goName !== "time.Time") fail("bad-value", `${goName} has no form in JSON here`);
    this.string(timeText(readInstant(bytes)));
  }
  extension(): void {
    fail("bad-value", "an extension of msgpack has no form in JSON");
  }
  openArray(): void {
    this.#open("[");
  }
  closeArray(): void {
    this.#close("]");
  }
  openMap(): void {
    this.#open("{");
  }
  fieldName(name: string): void {
    this.#value(`${JSON.stringify(name)}:`);
    this.#isAfterValue = false;
  }
  closeMap(): void {
    this.#close("}");
  }

  #value(text: string): void {
    this.#parts.push(this.#isAfterValue ? `,${text}` : text);
    this.#isAfterValue = true;
  }
  #open(bracket: string): void {
    this.#value(bracket);
    this.#isAfterValue = false;
  }
  #close(bracket: string): void {
    this.#parts.push(bracket);
    this.#isAfterValue = true;
  }
}
