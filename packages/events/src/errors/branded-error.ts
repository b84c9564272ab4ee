/** The symbol of a class in the global registry. It is the same in every copy of the package. */
function symbolOf({ kind }: { readonly kind: string }): symbol {
  return Symbol.for(kind);
}

function isInstance(asked: typeof BrandedError, value: unknown): boolean {
  if (!Object.hasOwn(asked, "kind")) return Function.prototype[Symbol.hasInstance].call(asked, value);
  return typeof value === "object" && value !== null && symbolOf(asked) in value;
}

/**
 * An error whose class is recognized by a symbol of the global registry. Two copies of a package may be loaded in one
 * process, for example after an upgrade of only one dependent, and the platform's own `instanceof` takes their classes for
 * different ones.
 *
 * Each subclass has a `kind` of its own. One without it is recognized as any other class is.
 */
export class BrandedError extends Error {
  static readonly kind: string = "@ws/events.BrandedError";

  /** Called by `instanceof`. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: it is the class that was asked, which may be one below.
    return isInstance(this, value);
  }

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    let each: typeof BrandedError | undefined = new.target;
    while (each?.kind !== undefined) {
      Object.defineProperty(this, symbolOf(each), { value: true, configurable: true });
      each = Object.getPrototypeOf(each);
    }
  }
}
