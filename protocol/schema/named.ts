import type { AnySchema, IN, In, OUT, Out } from "./schema.js";

/** A schema with the name Go knows its type by, see {@link named}. */
export interface NamedSchema<S extends AnySchema> {
  readonly [IN]?: (value: In<S>) => void;
  readonly [OUT]?: () => Out<S>;
  readonly kind: "named";
  readonly name: string;
  readonly schema: S;
}

/**
 * A Go type under the name it was registered with (`gob.Register`, `gob.RegisterName`), which goes
 * with every value of it behind an interface: `example.com/full/p.T1` for a named type, the short
 * `*p.T1` for a pointer to one, Go's spelling for others. Where the schema brings no name of its own
 * (`named("main.Celsius", float64())`) this is its declared name, too.
 */
export const named = <S extends AnySchema>(name: string, schema: S): NamedSchema<S> => ({
  kind: "named",
  name,
  schema,
});
