import { expect, test } from "vitest";
import { errorText } from "./error-text.js";
import { ProtocolError } from "./protocol-error.js";

const show = (value: unknown): string => `<${String(value)}>`;

test("an error is told by its stack, its link, and those of three causes", () => {
  const cause = (number: number): Error =>
    number === 5 ? new Error("5") : new Error(String(number), { cause: cause(number + 1) });
  const text = errorText(cause(0), show);
  const told = [...text.matchAll(/Error: (\d)/g)].map(([, number]) => number);
  expect(told).toEqual(["0", "1", "2", "3"]);
  expect(text).toContain("error-text.test.ts");
  expect(errorText(new ProtocolError("ERR_WS_EVENT_ORDER", "late"), show)).toMatch(
    /\nsee https:.*#err_ws_event_order$/,
  );
});

test("an error without a stack is told by its name and message", () => {
  const error = Object.assign(new TypeError("no"), { stack: undefined });
  expect(errorText(error, show)).toBe("TypeError: no");
});

test("what is no error is as its host shows it, as a cause too", () => {
  expect(errorText("thrown", show)).toBe("<thrown>");
  expect(errorText(new Error("outer", { cause: 5 }), show)).toMatch(/\ncaused by: <5>$/);
});

test("what can't be read is told so, and does not throw", () => {
  const hostile = new Error("no");
  Object.defineProperty(hostile, "stack", {
    get() {
      throw new Error("as planned");
    },
  });
  expect(errorText(hostile, show)).toBe("an error that can't be read");
});
