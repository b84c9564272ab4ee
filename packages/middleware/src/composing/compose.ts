import type {
  AnyMiddleware,
  Application,
  NamedState,
  NeededInFrontOf,
  ProvidedBy,
  StateMiddleware,
  UnknownState,
} from "@ws/events";
import { checkApplication, describeValue, NotAnApplication } from "@ws/events/checks";

/** The type of several middleware put together. */
type Composed<Each extends readonly AnyMiddleware[]> = StateMiddleware<
  NamedState<ProvidedBy<Each>>,
  NamedState<NeededInFrontOf<Each, UnknownState>>
>;

/**
 * Puts middleware together, the outermost first: `compose(a, b, c)(app)` is `a(b(c(app)))`.
 *
 * @throws {TypeError} for a value that is no middleware. The result throws `NotAnApplication` for a value that is no
 *   application.
 */
export function compose<const Each extends readonly AnyMiddleware[]>(...middleware: Each): Composed<Each> {
  for (const [index, each] of middleware.entries()) {
    if (typeof each === "function") continue;
    throw new TypeError(`compose: argument ${index}: expected a middleware, got ${describeValue(each)}`);
  }
  const composed = (application: Application): Application =>
    applyMiddleware("compose(…)", middleware, application);
  return composed as Composed<Each>;
}

/**
 * Puts middleware around an application, the outermost first. Without an application the innermost middleware must work
 * without one, as `websockets(routes)` does; its `length` says so.
 *
 * @throws {NotAnApplication} where there is no application, or where a middleware does not return one.
 */
export function applyMiddleware(
  call: string,
  middleware: readonly AnyMiddleware[],
  application: Application,
): Application {
  const isOptional = middleware.at(-1)?.length === 0;
  if (application !== undefined || !isOptional) checkApplication(application, call);
  return middleware.reduceRight<Application>((inner, outer, index) => {
    const wrapped: unknown = outer(inner);
    if (typeof wrapped === "function") return wrapped as Application;
    throw new NotAnApplication(
      `${call}: middleware ${index}${outer.name && ` (${outer.name})`} gave ${describeValue(wrapped)}, expected an application.` +
        " Likely mistake: it returns nothing, or is asynchronous.",
    );
  }, application);
}
