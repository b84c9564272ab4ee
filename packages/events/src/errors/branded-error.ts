/** The symbol of a class in the global registry, the same in every copy of it. */
function symbolOf({ kind }: { readonly kind: string }): symbol {
  return Symbol.for(kind);
}

function isInstance(asked: typeof BrandedError, value: unknown): boolean {
  if (!Object.hasOwn(asked, "kind")) return Function.prototype[Symbol.hasInstance].call(asked, value);
  return typeof value === "object" && value !== null && symbolOf(asked) in value;
}

/**
 * An error whose class is known by a symbol of the global registry. Two copies of a package may be loaded in one process,
 * as after an upgrade of one dependent alone, and their classes are strangers to the platform's own `instanceof`.
 *
 * A class below names itself by a `kind` of its own; one without is told from others as any class is.
 */
export class BrandedError extends Error {
  static readonly kind: string = "@ws/events.BrandedError";

  /** What `instanceof` asks. */
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
