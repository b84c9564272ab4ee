import { expect, test } from "vitest";
import { checkApplication, checkResult, isNotAnApplication, NotAnApplication } from "./not-an-application.js";
import type { LifespanScope } from "./scope.js";

const scope: LifespanScope = { type: "lifespan", asgi: { version: "3.0", specVersion: "2.0" }, state: {} };

test.each([
  [undefined, "got undefined. Likely mistake: the application is missing, as in test(…)(application)."],
  [null, "got null. Likely mistake: the application is missing, as in test(…)(application)."],
  [scope, "got the lifespan scope. Likely mistake: a middleware was given where an application belongs"],
  [{ resolve() {} }, "got an object with the keys resolve. Likely mistake: a router is no application"],
  [Promise.resolve(), "got a promise. Likely mistake: an await is missing before it."],
  [{ port: 1 }, "got an object with the keys port. Likely mistake: an options object or a list"],
  [[], "got an array of 0. Likely mistake: an options object or a list"],
])("%o is no application, and the error says what may have been meant", (value, text) => {
  const check = (): void => checkApplication(value, "test(…)");
  expect(check).toThrow(NotAnApplication);
  expect(check).toThrow(`test(…): expected an application, ${text}`);
});

test("a function may be one", () => {
  expect(() => checkApplication(async () => {}, "test")).not.toThrow();
});

test("what an application gives is a promise; a function is what a middleware gives", () => {
  expect(() => checkResult(Promise.resolve(), "test")).not.toThrow();
  expect(() => checkResult(undefined, "test")).not.toThrow();
  expect(() => checkResult(() => {}, "test")).toThrow(/test: .* or test\(websockets\(routes\)\(\)\)/);
});

test("the error is known by its code, also where another copy of the package made it", () => {
  expect(isNotAnApplication(new NotAnApplication("x"))).toBe(true);
  expect(isNotAnApplication(Object.assign(new TypeError("x"), { code: "ERR_WS_NOT_AN_APPLICATION" }))).toBe(
    true,
  );
  for (const other of [
    new TypeError("x"),
    new Error("x"),
    undefined,
    { code: "ERR_WS_NOT_AN_APPLICATION" },
  ]) {
    expect(isNotAnApplication(other)).toBe(false);
  }
});
