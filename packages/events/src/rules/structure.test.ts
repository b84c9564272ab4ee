import { describe, expect, expectTypeOf, test } from "vitest";
import type { ReceiveEvent, SendEvent } from "../model/event.js";
import { isReceiveEvent, isSendEvent, receiveEventProblem, sendEventProblem } from "./structure.js";

describe("an event", () => {
  const expected = "expected an event object, got";

  test.each([
    [undefined, `${expected} undefined`],
    [null, `${expected} null`],
    ["websocket.connect", `${expected} a string of 17`],
    [1, `${expected} 1`],
    [[], `${expected} an array`],
    [Object.assign([], { type: "websocket.connect" }), `${expected} an array`],
    [Object.assign(() => undefined, { type: "websocket.connect" }), `${expected} function`],
  ])("is an object, not %o", (value, problem) => {
    expect(sendEventProblem(value)).toBe(problem);
    expect(receiveEventProblem(value)).toBe(problem);
  });

  test("may have any prototype, inherited fields and getters", () => {
    class Hello {
      readonly type = "websocket.send";
      get text(): string {
        return "hello";
      }
    }
    const bare = Object.assign(Object.create(null) as object, { type: "websocket.send", text: "hello" });
    for (const event of [new Hello(), bare, Object.create(bare), new Proxy(bare, {}), Object.freeze(bare)]) {
      expect(isSendEvent(event)).toBe(true);
    }
  });

  test("may have keys that nobody knows, even to itself", () => {
    const event: Record<string, unknown> = { type: "websocket.close", extra: 1, headers: null };
    event["self"] = event;
    expect(isSendEvent(event)).toBe(true);
  });

  test.each([
    ["websocket.nonsense", `"websocket.nonsense"`],
    ["constructor", `"constructor"`],
    ["", `""`],
    [undefined, "undefined"],
    [null, "null"],
    [1, "1"],
    [["websocket.send"], "an array"],
    [new String("websocket.send"), "an object"],
  ])("has a type that is known, not %o", (type, got) => {
    expect(sendEventProblem({ type })).toMatch(/^type: expected one of websocket\.send, websocket\.accept, /);
    expect(sendEventProblem({ type })?.endsWith(`, got ${got}`)).toBe(true);
    expect(receiveEventProblem({ type })?.endsWith(`, got ${got}`)).toBe(true);
  });

  test("is either sent or received, never both", () => {
    expect(isSendEvent({ type: "websocket.receive", text: "hi" })).toBe(false);
    expect(isReceiveEvent({ type: "websocket.send", text: "hi" })).toBe(false);
    expect(isReceiveEvent({ type: "websocket.receive", text: "hi" })).toBe(true);
  });

  test("whose fields can't be read is refused, not thrown at", () => {
    const thrown = (): never => {
      throw new Error("boom");
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const problem = "expected an event object, got one whose fields can't be read";
    const unreadable = [
      Object.defineProperty({}, "type", { get: thrown }),
      Object.defineProperty({ type: "websocket.send" }, "text", { get: thrown }),
      { type: "websocket.accept", headers: new Proxy([["a", "b"]], { get: thrown }) },
      new Proxy({}, { get: thrown }),
      proxy,
    ];
    for (const event of unreadable) expect(sendEventProblem(event)).toBe(problem);
    expect(isReceiveEvent(proxy)).toBe(false);
  });

  test("is complained of in one short line, however large it is", () => {
    const long = "x".repeat(1_000_000);
    const events = [
      { type: long },
      { type: "websocket.send", text: { long } },
      { type: "websocket.close", reason: long },
      { type: "websocket.close", code: long },
      { type: "websocket.accept", subprotocol: `${long} ` },
      { type: "websocket.accept", headers: [[long, "\n"]] },
      { type: "websocket.accept", headers: [[`sec-websocket-${long}`, ""]] },
      { type: "lifespan.startup.failed", message: [long] },
      long,
    ];
    for (const event of events) expect(sendEventProblem(event)).toMatch(/^.{10,500}$/);
  });
});

test("the checks narrow what they were given", () => {
  const value: unknown = { type: "websocket.send", text: "hi" };
  if (isSendEvent(value)) expectTypeOf(value).toEqualTypeOf<SendEvent>();
  if (isReceiveEvent(value)) expectTypeOf(value).toEqualTypeOf<ReceiveEvent>();
  expect(isSendEvent(value)).toBe(true);
});
