import { describeValue } from "../errors/describe-value.js";
import { errorHelp } from "../errors/error-help.js";
import type { Application } from "./application.js";

const code = "ERR_WS_NOT_AN_APPLICATION";

/**
 * A value that is no application was given where one is needed. This is a mistake in the program and not of a connection, so
 * a server that finds it at its start does not start.
 */
export class NotAnApplication extends TypeError {
  override readonly name: string = "NotAnApplication";
  readonly code: typeof code = code;
  /** A link to the explanation of its code. */
  readonly help: string = errorHelp(code);
}

/** Whether `error` is a `NotAnApplication`, of this copy of the package or of another one in the same process. */
export function isNotAnApplication(error: unknown): error is NotAnApplication {
  return error instanceof TypeError && "code" in error && error.code === code;
}

const forgottenCall = "a middleware was given where an application belongs; give it one first, as in";

/** The most likely mistake. */
function likelyMistake(value: unknown, caller: string): string {
  if (typeof value !== "object" || value === null)
    return `the application is missing, as in ${caller}(application)`;
  if ("asgi" in value) return `${forgottenCall} websockets(routes)(application) or compose(…)(application)`;
  if ("resolve" in value) return "a router is no application; websockets(router)() makes one of it";
  return "then" in value
    ? "an await is missing before it"
    : "an options object or a list was given in its place";
}

/**
 * Checks the application that a middleware or a server was given. `caller` is the call that the error names, such as
 * `"authenticate(…)"`.
 *
 * @throws {NotAnApplication} for a value that is no function; it says what came and the likely mistake.
 */
export function checkApplication(value: unknown, caller: string): asserts value is Application {
  if (typeof value === "function") return;
  const isScope = typeof value === "object" && value !== null && "asgi" in value && "type" in value;
  const got = isScope ? `the ${String(value.type)} scope` : describeValue(value);
  throw new NotAnApplication(
    `${caller}: expected an application, got ${got}. Likely mistake: ${likelyMistake(value, caller)}.`,
  );
}

/**
 * Checks the result of an application's call. A middleware in place of an application returns a function in place of a
 * promise, and would never answer.
 *
 * @throws {NotAnApplication} for a function.
 */
export function checkResult(result: unknown, caller: string): void {
  if (typeof result !== "function") return;
  throw new NotAnApplication(
    `${caller}: expected an application, which gives a promise, got a function that gives another function.` +
      ` Likely mistake: ${forgottenCall} ${caller}(websockets(routes)(application)),` +
      ` or ${caller}(websockets(routes)()) where there is no other application.`,
  );
}
