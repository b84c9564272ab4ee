import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import { ProtocolError } from "./errors/protocol-error.js";
import type { ReceiveEvent, SendEvent } from "./model/event.js";
import type { WebSocketScope } from "./model/scope.js";
import { fieldByField, nearEvent } from "./rules/near-event.fixture.js";
import { isReceiveEvent, isSendEvent, receiveEventProblem, sendEventProblem } from "./rules/structure.js";
import { parseReceiveEvent, parseSendEvent, receiveEvent, sendEvent, webSocketScope } from "./schemas.js";

const sides = [
  {
    name: "sendEvent",
    schema: sendEvent as z.ZodType,
    is: isSendEvent as (value: unknown) => boolean,
    problem: sendEventProblem,
    parse: parseSendEvent as (value: unknown) => unknown,
    good: { type: "websocket.send", text: "hi", extra: { kept: true } },
  },
  {
    name: "receiveEvent",
    schema: receiveEvent as z.ZodType,
    is: isReceiveEvent as (value: unknown) => boolean,
    problem: receiveEventProblem,
    parse: parseReceiveEvent as (value: unknown) => unknown,
    good: { type: "websocket.receive", text: "hi", extra: { kept: true } },
  },
] as const;

const arbitraryValue = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
});

describe.each(sides)("the schema $name and its structural check", ({ schema, is }) => {
  test("agree on every event and near-event", () => {
    let wellFormed = 0;
    let malformed = 0;
    fc.assert(
      fc.property(nearEvent, (value) => {
        const verdict = is(value);
        expect(schema.safeParse(value).success).toBe(verdict);
        if (verdict) wellFormed += 1;
        else malformed += 1;
      }),
      { numRuns: 5000 },
    );
    expect(Math.min(wellFormed, malformed), "the generator makes both kinds").toBeGreaterThan(300);
  });

  test("agree on every type of event, with each of its fields right, wrong or left out", () => {
    const events = fieldByField();
    expect(events.some(is)).toBe(true);
    expect(events.filter((event) => schema.safeParse(event).success !== is(event))).toEqual([]);
  });

  test("agree on both sides of every border", () => {
    const events: unknown[] = [];
    for (let code = 990; code <= 5010; code += 1) {
      events.push({ type: "websocket.close", code }, { type: "websocket.disconnect", code, reason: "" });
    }
    for (let status = 95; status <= 605; status += 1) {
      events.push({ type: "http.response.start", status }, { type: "websocket.http.response.start", status });
    }
    for (let length = 0; length <= 130; length += 1) {
      for (const unit of "aé€") events.push({ type: "websocket.close", reason: unit.repeat(length) });
    }
    expect(events.filter((event) => schema.safeParse(event).success !== is(event))).toEqual([]);
  });

  test("agree on every other value", () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        expect(schema.safeParse(value).success).toBe(is(value));
      }),
      { numRuns: 3000 },
    );
  });
});

describe.each(sides)("reading an event with $name", ({ schema, parse, problem, good }) => {
  test("gives an equal copy, with the keys that nobody knows", () => {
    const read = parse(good);
    expect(read).toEqual(good);
    expect(read).not.toBe(good);
    expect(schema.parse(good)).toEqual(good);
  });

  test("gives what it was given, for every well-formed event, and throws for every other", () => {
    fc.assert(
      fc.property(nearEvent, (value) => {
        const expected = problem(value);
        if (expected !== undefined) {
          expect(() => parse(value)).toThrow(new ProtocolError("ERR_WS_EVENT_INVALID", expected));
        } else {
          expect(parse(value)).toHaveProperty("type", (value as { type: unknown }).type);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("throws one short line, however much came, and keeps nothing of it", () => {
    const headers = Array.from({ length: 10_000 }, () => 0);
    const error = errorOf(() => parse({ type: "websocket.accept", headers, big: "x".repeat(100_000) }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
    expect(error).not.toHaveProperty("cause");
    expect(error.message.length).toBeLessThan(500);
  });

  test("throws its own error where a field can't be read", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const error = errorOf(() => parse(proxy));
    expect(error).toMatchObject({ name: "ProtocolError", code: "ERR_WS_EVENT_INVALID" });
  });

  test("leaves alone what it refuses", () => {
    const headers = {};
    expect(schema.safeParse({ type: "websocket.accept", headers }).success).toBe(false);
    expect(Object.isFrozen(headers)).toBe(false);
    expect(schema.safeParse({ type: "websocket.accept", headers: new Uint8Array(1) }).success).toBe(false);
  });

  test("takes a __proto__ that came in JSON for nothing", () => {
    const hostile: unknown = JSON.parse(
      `{ "__proto__": { "admin": true }, "type": "${good.type}", "text": "" }`,
    );
    const read = parse(hostile);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(read).not.toHaveProperty("admin");
  });
});

function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return expect.fail("expected an error");
}

describe("the scope of a WebSocket connection", () => {
  const { signal } = new AbortController();
  const scope: WebSocketScope = {
    type: "websocket",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    scheme: "ws",
    path: "/chat/ü/",
    rawPath: "/chat/%C3%BC/",
    queryString: "a=1&a=%20",
    rootPath: "",
    headers: [
      ["host", "localhost"],
      ["cookie", "a=1"],
      ["cookie", "b=2"],
    ],
    client: { host: "127.0.0.1", port: 50_000 },
    server: null,
    subprotocols: ["chat", "superchat"],
    state: { [Symbol.for("database")]: "kept", pool: new Map() },
    extensions: {
      "websocket.http.response": {},
      "websocket.disconnect": { signal },
      "websocket.draining": { signal },
      "websocket.connection": { id: "1" },
      "x.own": 1,
    },
    pathParams: Object.assign(Object.create(null) as Record<string, unknown>, { room: 5 }),
  };

  test("is read as it came, unknown keys kept", () => {
    const read = webSocketScope.parse({ ...scope, extra: 1 });
    expect(read).toEqual({ ...scope, extra: 1 });
  });

  test("keeps its state, its signals and the missing prototype of its parameters", () => {
    const read = webSocketScope.parse(scope);
    expect(read.state).toBe(scope.state);
    expect(read.extensions["websocket.disconnect"]?.signal).toBe(signal);
    expect(Object.getPrototypeOf(read.pathParams)).toBeNull();
  });

  test.each<[string, Partial<Record<keyof WebSocketScope, unknown>>]>([
    ["on a unix socket", { client: null, server: null }],
    ["behind TLS", { scheme: "wss" }],
    ["over HTTP/2", { httpVersion: "2" }],
    ["mounted", { rootPath: "/app", path: "/app/x" }],
    ["of an older server", { asgi: { version: "3.0", specVersion: "2.0" }, extensions: {} }],
    [
      "that is told of failed calls",
      { extensions: { "websocket.connection": { id: "1", onFailedCall: () => {} } } },
    ],
    [
      "that writes errors to its log",
      { extensions: { "websocket.connection": { id: "1", logError: () => {} } } },
    ],
    [
      "that may stay for a while",
      { extensions: { "websocket.draining": { signal, waitUntil: (): void => {} } } },
    ],
    ["of no router", { pathParams: undefined }],
    ["with nothing offered", { headers: [], subprotocols: [] }],
  ])("may be one %s", (_, change) => {
    expect(webSocketScope.safeParse({ ...scope, ...change }).success).toBe(true);
  });

  test.each<[keyof WebSocketScope, readonly unknown[]]>([
    ["type", ["http", "lifespan", undefined]],
    ["asgi", [undefined, {}, { version: "2.0", specVersion: "2.5" }, { version: "3.0", specVersion: "9" }]],
    ["httpVersion", ["1.0", "3", 1.1, undefined]],
    ["scheme", ["http", "https", "WS", undefined]],
    ["path", [undefined, null, 1]],
    ["rawPath", [undefined, new Uint8Array(1)]],
    ["queryString", [undefined, new URLSearchParams()]],
    ["rootPath", [undefined, null]],
    ["headers", [undefined, {}, ["host"], [["host"]], [["host", 1]], [["a", "b", "c"]]]],
    ["client", [undefined, "127.0.0.1", { host: "a" }, { host: "a", port: 65_536 }, { host: "a", port: -1 }]],
    ["server", [undefined, ["127.0.0.1", 80], { host: "a", port: 0.5 }]],
    ["subprotocols", [undefined, "chat", [1]]],
    ["state", [undefined, null, [], "state"]],
    [
      "extensions",
      [
        undefined,
        null,
        { "websocket.disconnect": {} },
        { "websocket.draining": { signal: 1 } },
        { "websocket.draining": { signal, waitUntil: 1 } },
        { "websocket.connection": { id: "1", onFailedCall: true } },
        { "websocket.connection": { id: "1", logError: "stderr" } },
      ],
    ],
    ["pathParams", [null, [], "a"]],
  ])("is refused with another %s", (key, values) => {
    for (const value of values) {
      const result = webSocketScope.safeParse({ ...scope, [key]: value });
      expect(result.success, JSON.stringify(value)).toBe(false);
      expect(result.error?.issues.every((issue) => issue.path[0] === key)).toBe(true);
    }
  });
});

test("every schema is held to its interface", () => {
  expectTypeOf<z.infer<typeof sendEvent>>().toEqualTypeOf<SendEvent>();
  expectTypeOf<z.infer<typeof receiveEvent>>().toEqualTypeOf<ReceiveEvent>();
  expectTypeOf<z.infer<typeof webSocketScope>>().toEqualTypeOf<WebSocketScope>();
  expectTypeOf(parseSendEvent).returns.toEqualTypeOf<SendEvent>();
  expectTypeOf(parseReceiveEvent).returns.toEqualTypeOf<ReceiveEvent>();
});
