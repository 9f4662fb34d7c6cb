/** Names of Go types, for values behind interfaces. */
import { assertSchema } from "./check.js";
import type { AnySchema, IN, In, OUT, Out } from "./schema.js";

/** See {@link named}. */
export interface NamedSchema<S extends AnySchema> extends AnySchema {
  /** Carries {@link In}; never set. */
  readonly [IN]?: (value: In<S>) => void;
  /** Carries {@link Out}; never set. */
  readonly [OUT]?: () => Out<S>;
  readonly kind: "named";
  /** As registered in Go. */
  readonly name: string;
  /** The type itself. */
  readonly schema: S;
}

/**
 * A Go type under the name that Go registered it with (`gob.Register`, `gob.RegisterName`). The name
 * goes with every value of the type behind an interface. By default it is `example.com/full/p.T1` for a
 * named type, the short `*p.T1` for a pointer to one, and Go's spelling for others. Where the schema
 * brings no name of its own (`named("main.Celsius", float64())`), this is its declared name, too.
 */
export function named<S extends AnySchema>(name: string, schema: S): NamedSchema<S> {
  assertSchema(schema, `named ${name}`);
  return { kind: "named", name, schema };
}
