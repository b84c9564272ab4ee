import { expect, expectTypeOf, test } from "vitest";
import { ProtocolError, type ProtocolErrorCode } from "./protocol-error.js";

test("a protocol error has a name, a code that says which kind it is, and a text", () => {
  const error = new ProtocolError("ERR_WS_EVENT_ORDER", "While connecting, expected …");
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "ProtocolError",
    code: "ERR_WS_EVENT_ORDER",
    message: "While connecting, expected …",
  });
  expect(String(error)).toBe("ProtocolError: While connecting, expected …");
});

test("it may have a cause, and has none of itself", () => {
  const cause = new Error("why");
  expect(new ProtocolError("ERR_WS_EVENT_INVALID", "x", { cause }).cause).toBe(cause);
  expect(new ProtocolError("ERR_WS_EVENT_INVALID", "x")).not.toHaveProperty("cause");
});

test("its code is one of two", () => {
  expectTypeOf<ProtocolErrorCode>().toEqualTypeOf<"ERR_WS_EVENT_ORDER" | "ERR_WS_EVENT_INVALID">();
  // @ts-expect-error: a code that doesn't exist
  expect(new ProtocolError("ERR_WS_OTHER", "x").code).toBe("ERR_WS_OTHER");
});
