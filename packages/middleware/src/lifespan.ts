import type { Application, StateMiddleware } from "@ws/events";
import { describeValue } from "@ws/events/checks";
import { defineMiddleware } from "./composing/define-middleware.js";
import type { LifespanOptions } from "./lifespan/lifespan-options.js";
import { LifespanRun } from "./lifespan/lifespan-run.js";

/** @throws {TypeError} that names the option. */
function checkLifespan(options: unknown): void {
  const isObject = typeof options === "object" && options !== null;
  const { startup, shutdown } = Object(options) as Readonly<Record<string, unknown>>;
  const given = Object.entries({ startup, shutdown }).filter(([, value]) => value !== undefined);
  const wrong = given.find(([, value]) => typeof value !== "function");
  if (isObject && given.length > 0 && wrong === undefined) return;
  const got = wrong === undefined ? describeValue(options) : `${wrong[0]}: ${describeValue(wrong[1])}`;
  throw new TypeError(
    `lifespan: expected { startup, shutdown }, functions of which one may be absent, got ${got}`,
  );
}

/**
 * Opens what the views need at the start, and closes it at the end. Several of them start in their order, the outermost
 * first, and shut down in the reverse order. The application inside may or may not have a lifespan of its own.
 *
 * Source: ASGI lifespan 2.0.
 *
 * @throws {TypeError} where `startup` or `shutdown` is no function, or both are absent.
 */
export function lifespan<State extends object = object>(
  options: LifespanOptions<State>,
): StateMiddleware<State> {
  checkLifespan(options);
  const wrap = (application: Application): Application => {
    return (scope, receive, send) =>
      scope.type === "lifespan"
        ? new LifespanRun(options, receive, send).around(application, scope)
        : application(scope, receive, send);
  };
  return defineMiddleware<State>("lifespan(…)", wrap);
}
