import { describe, expect, expectTypeOf, test } from "vitest";
import type { Application, Middleware, Receive, Send } from "./application.js";
import type { ReceiveEvent, SendEvent } from "./event.js";
import type { HttpScope, LifespanScope, Scope, WebSocketScope } from "./scope.js";

const sent: SendEvent[] = [];
const send: Send = async (event) => {
  sent.push(event);
};
const bytes = new Uint8Array(1);

describe("send", () => {
  test("takes every event of the contract", async () => {
    const events: readonly SendEvent[] = [
      { type: "websocket.accept" },
      { type: "websocket.accept", subprotocol: "chat", headers: [["x-a", "b"]] },
      { type: "websocket.send", text: "hi" },
      { type: "websocket.send", bytes },
      { type: "websocket.send", bytes, text: undefined },
      { type: "websocket.close" },
      { type: "websocket.close", code: 4000, reason: "bye" },
      { type: "websocket.http.response.start", status: 403 },
      { type: "websocket.http.response.body", body: bytes, moreBody: true },
      { type: "http.response.start", status: 200, headers: [] },
      { type: "http.response.body" },
      { type: "lifespan.startup.complete" },
      { type: "lifespan.startup.failed", message: "no" },
      { type: "lifespan.shutdown.complete" },
      { type: "lifespan.shutdown.failed" },
    ];
    for (const event of events) await send(event);
    expect(sent.splice(0)).toEqual(events);
  });

  test("does not compile with anything else", async () => {
    // @ts-expect-error: an event that nobody knows
    await send({ type: "websocket.ping" });
    // @ts-expect-error: an event that is received, not sent
    await send({ type: "websocket.connect" });
    // @ts-expect-error: both text and bytes
    await send({ type: "websocket.send", text: "hi", bytes });
    // @ts-expect-error: neither text nor bytes
    await send({ type: "websocket.send" });
    // @ts-expect-error: bytes are a Uint8Array
    await send({ type: "websocket.send", bytes: [1, 2] });
    // @ts-expect-error: a code is a number
    await send({ type: "websocket.close", code: "1000" });
    // @ts-expect-error: a header is a pair
    await send({ type: "websocket.accept", headers: [["x-a"]] });
    // @ts-expect-error: keys are camelCase
    await send({ type: "websocket.http.response.body", more_body: true });
    // @ts-expect-error: a response has a status
    await send({ type: "websocket.http.response.start" });
    expect(sent.splice(0)).toHaveLength(9);
  });
});

describe("receive", () => {
  test("gives events that their type tells apart", async () => {
    const receive: Receive = async () => ({ type: "websocket.receive", text: "hi" });
    const event = await receive();
    expectTypeOf(event).toEqualTypeOf<ReceiveEvent>();
    if (event.type === "websocket.disconnect") expectTypeOf(event.code).toEqualTypeOf<number>();
    if (event.type === "websocket.receive") {
      expectTypeOf(event.text).toEqualTypeOf<string | undefined>();
      if (event.text === undefined) expectTypeOf(event.bytes).toEqualTypeOf<Uint8Array>();
      else expectTypeOf(event.bytes).toEqualTypeOf<undefined>();
    }
    expect(event).toEqual({ type: "websocket.receive", text: "hi" });
  });

  test("gives nothing that is sent", () => {
    expectTypeOf<Extract<ReceiveEvent["type"], SendEvent["type"]>>().toEqualTypeOf<never>();
  });
});

describe("an application", () => {
  const application: Application = async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new TypeError(`unknown scope: ${scope.type}`);
    expectTypeOf(scope).toEqualTypeOf<WebSocketScope>();
    await receive();
    await send({ type: "websocket.accept" });
  };
  const lifespan: LifespanScope = {
    type: "lifespan",
    asgi: { version: "3.0", specVersion: "2.0" },
    state: {},
  };
  const receive: Receive = async () => ({ type: "lifespan.startup" });

  test("is told what it serves by the type of its scope", () => {
    expectTypeOf<Scope>().toEqualTypeOf<WebSocketScope | HttpScope | LifespanScope>();
    expectTypeOf<Extract<Scope, { type: "http" }>["method"]>().toEqualTypeOf<string>();
    expectTypeOf<LifespanScope>().not.toHaveProperty("headers");
    expectTypeOf<Application>().parameters.toEqualTypeOf<[Scope, Receive, Send]>();
  });

  test("throws on a scope that it doesn't know", async () => {
    await expect(application(lifespan, receive, send)).rejects.toThrow("unknown scope: lifespan");
  });

  test("stands behind a middleware as an application again", async () => {
    const withLifespan: Middleware = (inner) => async (scope, receive, send) => {
      if (scope.type !== "lifespan") return inner({ ...scope }, receive, send);
      await send({ type: "lifespan.startup.complete" });
    };
    expectTypeOf(withLifespan(application)).toEqualTypeOf<Application>();
    await withLifespan(application)(lifespan, receive, send);
    expect(sent.splice(0)).toEqual([{ type: "lifespan.startup.complete" }]);
  });

  test("can't change the scope that it was given, but for its state", () => {
    const scope: LifespanScope = { ...lifespan };
    // @ts-expect-error: a middleware copies the scope before it changes it
    scope.type = "lifespan";
    scope.state["pool"] = 1;
    expect(lifespan.state).toEqual({ pool: 1 });
  });
});
