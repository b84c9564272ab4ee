import type { Middleware } from "@ws/events";

/** Puts middleware together, the outermost first: `compose(a, b, c)(app)` is `a(b(c(app)))`. */
export function compose(...middleware: readonly Middleware[]): Middleware {
  return (application) => middleware.reduceRight((inner, outer) => outer(inner), application);
}
