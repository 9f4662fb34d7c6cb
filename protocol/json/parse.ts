import { CodecError } from "../errors.js";

/** The parts of JSON as they stand in the text, before anything is made of numbers. */
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** A whole number of more digits is no Go integer, and would be slow to read as one. */
const MAX_DIGITS = 21;
const WORD = /true|false|null/y;

/**
 * A JSON text as Maps, arrays and scalars. Not `JSON.parse`: that makes doubles of all numbers, and an
 * int64 has more digits [NETRPC-23]. Whole numbers past 2^53-1 are bigints here.
 *
 * @throws CodecError `corrupt`.
 */
export const parseJson = (text: string): unknown => new Parser(text).whole();

/**
 * The members of an object with their texts unparsed, to be read by need or sent back unchanged.
 *
 * @throws CodecError `corrupt`.
 */
export function parseMembers(text: string): Map<string, string> {
  const parser = new Parser(text);
  return parser.members();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#value();
    this.#expectEnd();
    return value;
  }

  members(): Map<string, string> {
    const members = new Map<string, string>();
    this.#skipSpace();
    this.#object((key) => {
      this.#skipSpace();
      const start = this.#at;
      this.#value();
      members.set(key, this.#text.slice(start, this.#at));
    });
    this.#expectEnd();
    return members;
  }

  #value(): unknown {
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case "{": {
        const map = new Map<string, unknown>();
        this.#object((key) => map.set(key, this.#value()));
        return map;
      }
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      case "t":
      case "f":
      case "n":
        return JSON.parse(this.#match(WORD)[0]);
      default:
        return this.#number();
    }
  }

  #object(member: (key: string) => void): void {
    this.#expect("{");
    if (this.#takes("}")) return;
    do {
      this.#skipSpace();
      const key = this.#string();
      this.#expect(":");
      member(key);
    } while (this.#takes(","));
    this.#expect("}");
  }

  #array(): unknown[] {
    this.#expect("[");
    const items: unknown[] = [];
    if (this.#takes("]")) return items;
    do items.push(this.#value());
    while (this.#takes(","));
    this.#expect("]");
    return items;
  }

  /** By hand: a pattern for long texts runs out of stack. */
  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') this.#fail();
    let end = start;
    do end = this.#text.indexOf('"', end + 1);
    while (end > 0 && this.#isEscaped(end));
    if (end < 0) this.#fail();
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, this.#at));
    } catch (cause) {
      const text = `json: text with a bad escape or a control character (character ${start})`;
      throw new CodecError("corrupt", text, { cause });
    }
  }

  /** After an odd number of backslashes. */
  #isEscaped(at: number): boolean {
    let before = at;
    while (this.#text[before - 1] === "\\") before--;
    return (at - before) % 2 === 1;
  }

  #number(): number | bigint {
    const [text, fraction, exponent] = this.#match(NUMBER);
    const value = Number(text);
    const isWhole = fraction === undefined && exponent === undefined && text.length < MAX_DIGITS;
    return isWhole && !Number.isSafeInteger(value) ? BigInt(text) : value;
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? this.#fail();
    this.#at += match[0].length;
    return match;
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  #takes(mark: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#takes(mark)) this.#fail();
  }

  #expectEnd(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail();
  }

  #fail(): never {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : "the end";
    throw new CodecError("corrupt", `json: unexpected ${found} (character ${this.#at})`);
  }
}
