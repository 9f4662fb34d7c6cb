/**
 * Tells schemas from other things, for users without a compiler. With one too, a forgotten pair of parentheses is found
 * only where a value is used.
 */
import { CodecError } from "../errors.js";
import { shapeOf } from "./failure.js";

/** What is wrong with a value that should be a schema, in words; undefined if it is one. */
export function schemaProblem(value: unknown): string | undefined {
  if (typeof value === "function") {
    const name = value.name === "" ? "it" : value.name;
    return `want a schema, got a function: call it, as in ${name}()`;
  }
  if (value === undefined) {
    return "want a schema, got undefined: one that is defined later needs a getter or lazy";
  }
  const isSchema =
    typeof value === "object" && value !== null && typeof Reflect.get(value, "kind") === "string";
  return isSchema ? undefined : `want a schema, got ${shapeOf(value)}`;
}

/**
 * Refuses what is not a schema where a combinator gets it, so that the stack shows the user's line.
 *
 * @param place - the combinator, or the path of the field: `slice`, `Job.Name`.
 * @throws CodecError `bad-value`.
 */
export function assertSchema(value: unknown, place: string): void {
  const problem = schemaProblem(value);
  if (problem === undefined) return;
  throw new CodecError("bad-value", `gob: ${place}: ${problem}`, { path: place });
}

/** The same for each of `fields`. A getter is not called, because what it refers to may not exist yet. */
export function assertFields(fields: unknown, name: unknown): void {
  const isObject = typeof fields === "object" && fields !== null && !Array.isArray(fields);
  if (typeof name !== "string" || !isObject) {
    const text =
      'gob: struct: want a name and an object of fields, as in struct("Job", { Id: int() })';
    throw new CodecError("bad-value", text);
  }
  for (const key of Object.keys(fields)) {
    const property = Object.getOwnPropertyDescriptor(fields, key);
    if (property !== undefined && "value" in property) {
      assertSchema(property.value, name === "" ? key : `${name}.${key}`);
    }
  }
}
