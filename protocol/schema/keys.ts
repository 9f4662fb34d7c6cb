/** Reads and sets keys of users' objects. The names on `Object.prototype` are treated like any other names. */

/** The value that the user passed under `key`; undefined where every object inherits the name. */
export function passedKey(value: object, key: string): unknown {
  if (key in Object.prototype && !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

/** Whether `value` can be a struct: an object that is no list. */
export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether `value` can be a Go map as a plain object: neither a list nor a `Map`. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && !(value instanceof Map);

/** Sets `key` as plain data. An assignment to `__proto__` would set the prototype instead. */
export function setKey(target: object, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else (target as Record<string, unknown>)[key] = value;
}
