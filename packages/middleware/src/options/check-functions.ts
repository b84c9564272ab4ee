import { describeValue } from "@ws/events/checks";

/**
 * Checks the options that must be functions. This also notices an application in place of the options, where a call was
 * forgotten: `compose(authenticate)`.
 *
 * @throws {TypeError} that names the middleware, the option and the value that came.
 */
export function checkFunctions(name: string, options: unknown, keys: readonly string[]): void {
  const given = Object(options) as Readonly<Record<string, unknown>>;
  const wrong = keys.find((key) => typeof given[key] !== "function");
  if (wrong === undefined) return;
  const isObject = typeof options === "object" && options !== null;
  const got = isObject ? `${wrong}: ${describeValue(given[wrong])}` : describeValue(options);
  const mistake = typeof options === "function" ? `; was the call forgotten, ${name}({ … })?` : "";
  throw new TypeError(`${name}: expected { ${keys.join(", ")} }, all functions, got ${got}${mistake}`);
}
