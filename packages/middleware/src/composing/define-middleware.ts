import type { Middleware, StateMiddleware, UnknownState } from "@ws/events";
import { checkApplication } from "@ws/events/checks";

/**
 * Makes a middleware of `wrap`, which is called once for each application that it is put around. `call` is its name in
 * errors, such as `"authenticate(…)"`. The type `Provided` says what it adds to `scope.state`. The compiler believes that,
 * and compares it with what the views behind it need.
 *
 * The result throws `NotAnApplication` for a value that is no application.
 */
export function defineMiddleware<Provided extends object = object, Needed extends object = UnknownState>(
  call: string,
  wrap: Middleware,
): StateMiddleware<Provided, Needed> {
  const middleware: Middleware = (application) => {
    checkApplication(application, call);
    return wrap(application);
  };
  return middleware as StateMiddleware<Provided, Needed>;
}
