/** What users hear of fields that only one side has [GOB-56]. `field-mismatch.ts` finds them. */
import type { AnySchema } from "../../schema/index.js";
import { shortName } from "../type/go-name.js";
import { nearName } from "./near-name.js";

/** A struct of the schema and one of the peer that do not have the same fields. One of the two lists may be empty. */
export interface FieldMismatch {
  /** The name of the schema's struct; `struct` if it has none. */
  readonly typeName: string;
  /** The name of the peer's struct; `struct` if it has none. Cut after 200 characters, and quoted if it is no name. */
  readonly got: string;
  /** Fields that the peer sends and the schema lacks: they are passed over. Their names are cut and quoted likewise. */
  readonly unknown: readonly string[];
  /** Fields that the schema has and the peer never sends: they have their zeros. */
  readonly missing: readonly string[];
}

/** What a decoder does about fields that only one side has. */
export interface MismatchOptions {
  /**
   * Whether a value is refused if it has, or contains, a struct whose fields are not exactly those of its schema: CodecError
   * `type-mismatch` with the reason `fields`. Default false, as in Go.
   */
  readonly strict?: boolean | undefined;
  /**
   * Called before the first value of a schema and a type whose fields differ, once for each pair of structs. It must not
   * throw. Streams of peers with the same definitions give the same object.
   */
  readonly onMismatch?: ((mismatch: FieldMismatch) => void) | undefined;
  /** Schemas of whole values that leave fields out on purpose: they are not compared. Default: none. */
  readonly except?: readonly AnySchema[] | undefined;
}

/** How many names a text lists. */
const MAX_NAMES = 20;

/** What differs, in words. Both sides may have any number of names, and the peer's may be anything. */
export function mismatchText({ typeName, got, unknown, missing }: FieldMismatch): string {
  const parts: string[] = [];
  if (missing.length > 0) parts.push(`the peer's ${got} lacks ${guesses(missing, unknown)}`);
  if (unknown.length > 0) parts.push(`the schema lacks ${list(unknown)}`);
  return `fields of ${typeName} differ: ${parts.join("; ")}`;
}

const guesses = (names: readonly string[], others: readonly string[]): string =>
  list(
    names.map((name) => {
      const near = nearName(name, others.slice(0, MAX_NAMES));
      return near === undefined ? name : `${name} (it has ${near})`;
    }),
  );

function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A name of the peer's, which need not be one: short and printable. */
export function shown(name: string): string {
  const short = shortName(name);
  return /^[\p{L}\p{N}_.…]+$/u.test(short) ? short : JSON.stringify(short);
}
