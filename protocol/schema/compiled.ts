/** The compiled forms of schemas. Each is made once, and a schema may contain itself. */
import { fail } from "./failure.js";
import { type BareSchema, bare } from "./known.js";
import type { AnySchema } from "./schema.js";

/**
 * The compiled form of each schema, made on first use. A schema that contains itself meets its own form
 * before it is complete. The form is therefore an object whose methods are filled in later, and its users
 * look the methods up at each call.
 */
export class CompiledSchemas<C extends object> {
  readonly #forms = new WeakMap<AnySchema, C>();
  readonly #blank: () => C;
  readonly #complete: (form: C, schema: BareSchema) => void;

  /**
   * @param blank - a form whose methods are {@link unready}.
   * @param complete - fills the methods in. If it throws, the form is dropped, and the next use tries again.
   */
  constructor(blank: () => C, complete: (form: C, schema: BareSchema) => void) {
    this.#blank = blank;
    this.#complete = complete;
  }

  /** The form of `schema`, found behind names and references. */
  of(schema: AnySchema): C {
    const target = bare(schema);
    return this.#forms.get(target) ?? this.#compile(target);
  }

  #compile(schema: BareSchema): C {
    const form = this.#blank();
    this.#forms.set(schema, form);
    try {
      this.#complete(form, schema);
      return form;
    } catch (error) {
      this.#forms.delete(schema);
      throw error;
    }
  }
}

/** A method that is not filled in. It is called where a part refers to a schema that was refused. */
export const unready = (): never => fail("bad-value", "part of the schema was refused before");
