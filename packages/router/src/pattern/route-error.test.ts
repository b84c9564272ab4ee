import { describe, expect, test } from "vitest";
import { RouteError } from "../index.js";

describe("RouteError", () => {
  test("is a TypeError with a stable code, the pattern and the place", () => {
    const error = new RouteError("/a/<b", 3, "expected something");
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: "RouteError", code: "ERR_WS_ROUTE", pattern: "/a/<b", at: 3 });
  });

  test("shows the pattern with a caret under the place", () => {
    expect(new RouteError("/a/<b", 3, "expected something").message).toBe(
      ["expected something", "  /a/<b", "     ^"].join("\n"),
    );
  });

  test("shows of a long pattern only what is around the caret", () => {
    const { message } = new RouteError(`/${"a".repeat(9999)}!${"b".repeat(9999)}`, 10_000, "problem");
    const [, shown = "", caret = ""] = message.split("\n");
    expect(shown).toBe(`  …${"a".repeat(60)}!${"b".repeat(59)}…`);
    expect(shown[caret.indexOf("^")]).toBe("!");
  });

  test("keeps a pattern with line breaks on one line", () => {
    expect(new RouteError("/a\n\u2028b", 0, "problem").message).toBe("problem\n  /a··b\n  ^");
  });
});
