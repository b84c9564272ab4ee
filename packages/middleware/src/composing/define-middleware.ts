import type { Middleware, StateMiddleware, UnknownState } from "@ws/events";
import { checkApplication } from "@ws/events/checks";

/**
 * Makes a middleware of `wrap`, which is called once for each application that it is put around. `call` names it in
 * errors, as `"authenticate(…)"`. What it puts into `scope.state` is named by the type `Provided`; the compiler takes
 * that word for it, and compares it with what the views behind it need.
 *
 * What is made throws `NotAnApplication` where it is given something else than an application.
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
