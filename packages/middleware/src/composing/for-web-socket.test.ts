import type { Application, Scope } from "@ws/events";
import { Driver } from "@ws/testing/driver";
import { expect, test } from "vitest";
import { connect, httpScope, lifespanScope, webSocketScope } from "../events.fixture.js";
import { accessLog, allowedOrigins, limitConnections, rateLimit, timeouts, websockets } from "../index.js";
import { forWebSocket } from "./for-web-socket.js";

const { receive, send } = new Driver(connect);
const unknown = { type: "webtransport" } as unknown as Scope;

test("a WebSocket scope is served by the middleware", async () => {
  const seen: unknown[] = [];
  const application: Application = async () => {};
  const middleware = forWebSocket("test", async (...given) => {
    seen.push(...given);
  });
  const scope = webSocketScope();
  await middleware(application)(scope, receive, send);
  expect(seen).toEqual([application, scope, receive, send]);
});

test.each([
  ["http", httpScope()],
  ["lifespan", lifespanScope],
  ["unknown", unknown],
])("a scope of type %s passes through every such middleware as it is", async (_, scope) => {
  const middleware = [
    accessLog({ write: () => {} }),
    allowedOrigins([]),
    limitConnections({ total: 1 }),
    rateLimit({ messages: 1 }),
    timeouts({ idle: 1 }),
    websockets({ resolve: () => undefined }),
  ];
  for (const each of middleware) {
    let seen: unknown[] = [];
    const application: Application = async (...given) => {
      seen = given;
    };
    await each(application)(scope, receive, send);
    expect(seen[0]).toBe(scope);
    expect(seen[1]).toBe(receive);
    expect(seen[2]).toBe(send);
  }
});
