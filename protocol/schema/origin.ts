/** Remembers of which Go type an object is that came out of an interface without its type. */
import type { AnySchema } from "./schema.js";

/** Its constructor returns the object that it is given. */
class Given {
  constructor(of: object) {
    // biome-ignore lint/correctness/noConstructorReturn: a subclass then adds its private field to that object.
    return of;
  }
}

/**
 * The mark is a private field, which nobody sees: neither keys nor copies nor comparisons. A WeakMap would do the same
 * at 150 ns for each object, and a property that is not enumerable at 105; this takes 8.
 */
class Origin extends Given {
  #schema: AnySchema;

  private constructor(of: object, schema: AnySchema) {
    super(of);
    this.#schema = schema;
  }

  static set(of: object, schema: AnySchema): void {
    // A codec may return one object again and again.
    if (#schema in of) of.#schema = schema;
    else new Origin(of, schema);
  }

  static get(of: object): AnySchema | undefined {
    return #schema in of ? of.#schema : undefined;
  }
}

/** The schema that {@link setOrigin} was given with the object. */
export const originOf = (value: object): AnySchema | undefined => Origin.get(value);

/** Remembers the schema of an object, so that the object can be passed on to another interface with its type. */
export const setOrigin = (value: object, schema: AnySchema): void => Origin.set(value, schema);
