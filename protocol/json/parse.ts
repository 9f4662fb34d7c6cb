/** Reads one JSON text. */
import { CodecError } from "../errors.js";

// Sticky patterns: each matches only where the parser stands.
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/**
 * No Go integer has more characters, the sign included. A longer number becomes a double, because `BigInt`
 * takes quadratic time for digits that the peer may send by the million.
 */
const MAX_INTEGER_CHARS = 20;
const WORD = /true|false|null/y;

/**
 * A JSON text as Maps, arrays and scalars. `JSON.parse` would make a double of each number, which loses the
 * last digits of an int64 [NETRPC-23]. Here, whole numbers past 2^53-1 are bigints. Maps, because a member
 * may be called `__proto__`.
 *
 * @throws CodecError `corrupt`.
 */
export const parseJson = (text: string): unknown => new Parser(text).whole();

/**
 * The members of an object with their texts unparsed. A call's id must go back unchanged, and of an answer
 * only the part that is needed is then read.
 *
 * @throws CodecError `corrupt`.
 */
export const parseMembers = (text: string): Map<string, string> => new Parser(text).members();

/**
 * Recursive descent. The depth is safe for the stack, because the scanner has checked it before
 * (`maxDepth`).
 */
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

  /** The first character tells the kind. */
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

  /** @param member - called behind each colon; must read the value there. */
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

  /**
   * Finds the closing quote; `JSON.parse` does the rest, escapes and the ban on control characters included.
   * The quote is searched for by hand, because a pattern for long strings overflows the stack.
   */
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

  /** An odd number of backslashes stands before it: two of them are one escaped backslash. */
  #isEscaped(at: number): boolean {
    let before = at;
    while (this.#text[before - 1] === "\\") before--;
    return (at - before) % 2 === 1;
  }

  #number(): number | bigint {
    const [text, fraction, exponent] = this.#match(NUMBER);
    const value = Number(text);
    const isWhole =
      fraction === undefined && exponent === undefined && text.length <= MAX_INTEGER_CHARS;
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

  /** Passes over `mark`, and white space before it, if it comes next. */
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
