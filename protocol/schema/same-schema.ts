/** Which schemas stand for one Go type with one form in JavaScript, though each call of a combinator makes a new one. */
import { fieldsOf } from "./fields.js";
import {
  type BareSchema,
  bare,
  type KnownScalar,
  type KnownSchema,
  type KnownStruct,
  type KnownTypes,
  resolveLazy,
} from "./known.js";
import type { AnySchema } from "./schema.js";

/**
 * Whether two schemas are the same in all their parts. Codecs and marshalers are the same only if they are one
 * object.
 *
 * @param forms - `"ignore"` if integers may differ in their form in JavaScript.
 */
export function isSameSchema(a: AnySchema, b: AnySchema, forms: "compare" | "ignore"): boolean {
  return new Comparison(forms).isSame(a, b);
}

/** The outermost name that `named` gave a schema. */
export function givenName(schema: AnySchema): string | undefined {
  let known = schema as KnownSchema;
  for (let hops = 0; hops < 100; hops++) {
    if (known.kind === "named") return known.name;
    if (known.kind === "lazy") known = resolveLazy(known) as KnownSchema;
    else if (known.kind === "field") known = known.schema as KnownSchema;
    else return undefined;
  }
  return undefined;
}

class Comparison {
  readonly #forms: "compare" | "ignore";
  /** The pairs that are being compared, or were. A schema that contains itself meets such a pair again. */
  readonly #met = new Map<BareSchema, Set<BareSchema>>();

  constructor(forms: "compare" | "ignore") {
    this.#forms = forms;
  }

  isSame(a: AnySchema, b: AnySchema): boolean {
    return givenName(a) === givenName(b) && this.#isSameBare(bare(a), bare(b));
  }

  #isSameBare(a: BareSchema, b: BareSchema): boolean {
    if (a === b || this.#meets(a, b)) return true;
    if (a.kind !== b.kind) return false;
    switch (a.kind) {
      case "optional":
      case "slice":
        return this.isSame(a.elem, (b as typeof a).elem);
      case "array":
        return a.length === (b as typeof a).length && this.isSame(a.elem, (b as typeof a).elem);
      case "map": {
        const { form, key, elem } = b as typeof a;
        return a.form === form && this.isSame(a.key, key) && this.isSame(a.elem, elem);
      }
      case "struct":
        return this.#areSameStructs(a, b as KnownStruct);
      case "interface":
        return (
          a.form === (b as typeof a).form && this.#haveSameTypes(a as KnownTypes, b as KnownTypes)
        );
      case "codec":
      case "marshaler":
        return false;
      default:
        return this.#areSameScalars(a, b as KnownScalar);
    }
  }

  #meets(a: BareSchema, b: BareSchema): boolean {
    const met = this.#met.get(a) ?? new Set();
    if (met.has(b)) return true;
    this.#met.set(a, met.add(b));
    return false;
  }

  #areSameStructs(a: KnownStruct, b: KnownStruct): boolean {
    if (a.name !== b.name || a.empty !== b.empty) return false;
    const [of, other] = [fieldsOf(a), fieldsOf(b)];
    return (
      of.length === other.length &&
      of.every(({ key, go, schema }, i) => {
        const field = other[i];
        return field?.key === key && field.go === go && this.isSame(schema, field.schema);
      })
    );
  }

  #haveSameTypes({ types = [] }: Partial<KnownTypes>, { types: others = [] }: Partial<KnownTypes>) {
    return (
      types.length === others.length &&
      types.every(({ name, schema }, i) => {
        const other = others[i];
        return other?.name === name && this.isSame(schema, other.schema);
      })
    );
  }

  #areSameScalars(a: KnownScalar, b: KnownScalar): boolean {
    const [of, other] = [a, b] as Partial<Record<"go" | "bits" | "as", unknown>>[];
    const isSameForm = this.#forms === "ignore" || of?.as === other?.as;
    return of?.go === other?.go && of?.bits === other?.bits && isSameForm;
  }
}
