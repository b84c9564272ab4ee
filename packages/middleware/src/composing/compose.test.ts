import type { Application, Middleware } from "@ws/events";
import { Driver } from "@ws/testing/driver";
import { expect, expectTypeOf, test } from "vitest";
import { connect, webSocketScope } from "../events.fixture.js";
import { compose } from "./compose.js";

function traced(trace: string[], name: string): Middleware {
  return (application) => async (scope, receive, send) => {
    trace.push(`${name} in`);
    await application(scope, receive, send);
    trace.push(`${name} out`);
  };
}

test("compose(a, b, c)(app) is a(b(c(app))): the first is the outermost", async () => {
  const trace: string[] = [];
  const application: Application = async () => {
    trace.push("app");
  };
  const composed = compose(traced(trace, "a"), traced(trace, "b"), traced(trace, "c"))(application);
  const { receive, send } = new Driver(connect);
  await composed(webSocketScope(), receive, send);
  expect(trace).toEqual(["a in", "b in", "c in", "app", "c out", "b out", "a out"]);
});

test("compose of nothing gives the application itself", () => {
  const application: Application = async () => {};
  expect(compose()(application)).toBe(application);
});

test("what compose gives is a middleware, so it composes again", () => {
  expectTypeOf(compose(compose(), compose())).toExtend<Middleware>();
});
