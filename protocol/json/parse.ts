/** Reads one JSON text. */
import { CodecError } from "../errors.js";
import { PlainNode } from "../plain/format.js";

// Sticky patterns: each matches only where the parser stands.
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** No Go integer has more characters, the sign included. */
const MAX_INTEGER_CHARS = 20;
/** A longer integer becomes a double: `BigInt` takes quadratic time for digits that the peer may send by the million. */
const MAX_BIGINT_CHARS = 1000;
const WORD = /true|false|null/y;

/** A number that JavaScript would print otherwise: `1.0`, `1E5`, or one with more digits than Go's integers have. */
export class NumberText extends PlainNode {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }
  get shape(): string {
    return `number ${this.text.slice(0, 40)}`;
  }
  /** The number itself; beyond 1,000 digits the double that is nearest. */
  get value(): number | bigint {
    const isWhole = /^-?\d+$/.test(this.text) && this.text.length <= MAX_BIGINT_CHARS;
    const value = Number(this.text);
    return isWhole && !Number.isSafeInteger(value) ? BigInt(this.text) : value;
  }
}

/**
 * A JSON text as Maps, arrays and scalars. `JSON.parse` would make a double of each number, which loses the
 * last digits of an int64 [NETRPC-23]. Here, whole numbers past 2^53-1 are bigints, and a number that JavaScript
 * would print otherwise is a {@link NumberText}. Maps, because a member may be called `__proto__`.
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

  #number(): number | bigint | NumberText {
    const [text, fraction, exponent] = this.#match(NUMBER);
    const value = Number(text);
    if (fraction === undefined && exponent === undefined) {
      if (Number.isSafeInteger(value)) return value;
      return text.length <= MAX_INTEGER_CHARS ? BigInt(text) : new NumberText(text);
    }
    return String(value) === text ? value : new NumberText(text);
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
