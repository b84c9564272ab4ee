import { describe, expect, it } from "vitest";
import { parsePattern } from "./pattern.js";
import { reversePath } from "./reverse.js";

const reverse = (pattern: string, params: Record<string, unknown> = {}): string =>
  reversePath("chat", parsePattern(pattern, {}), params);

describe("the path of a route", () => {
  it("is its pattern with the values in it", () => {
    expect(reverse("/")).toBe("/");
    expect(reverse("/chat/<int:room>/<slug:name>.json/", { room: 5, name: "dev" })).toBe("/chat/5/dev.json/");
  });

  it("has its values percent-encoded as segments", () => {
    expect(reverse("/<a>", { a: "a b?c#d%e&é\\" })).toBe("/a%20b%3Fc%23d%25e%26%C3%A9%5C");
    expect(reverse("/<a>", { a: "%2F" })).toBe("/%252F");
  });

  it("keeps the slashes of a path parameter", () => {
    expect(reverse("/f/<path:p>/edit", { p: "a b/c//%2F" })).toBe("/f/a%20b/c//%252F/edit");
  });

  it("has its literal text encoded too, where a URL needs it", () => {
    expect(reverse("/café/a b/@x:y/50%/?#")).toBe("/caf%C3%A9/a%20b/@x:y/50%25/%3F%23");
  });

  it("never names another host", () => {
    expect(reverse("/<path:p>", { p: "/evil.example/x" })).toBe("/%2Fevil.example/x");
  });

  it("takes parameters without a prototype", () => {
    expect(reverse("/<__proto__>", Object.assign(Object.create(null), { ["__proto__"]: "x" }))).toBe("/x");
  });
});

describe("a path that cannot be", () => {
  it("for want of a parameter", () => {
    expect(() => reverse("/<int:room>/<name>", { room: 5 })).toThrow(
      new TypeError('reverse("chat"): expected the parameters {room, name}, got {room}'),
    );
    expect(() => reverse("/<toString>")).toThrow("expected the parameters {toString}, got {}");
  });

  it("for one too many", () => {
    expect(() => reverse("/<int:room>", { room: 5, more: 1 })).toThrow(
      new TypeError('reverse("chat"): expected the parameters {room}, got {room, more}'),
    );
  });

  it("for a value that its converter would not match again", () => {
    expect(() => reverse("/<int:room>", { room: -1 })).toThrow(
      new TypeError('reverse("chat"): room: expected a value that <int:room> matches, got -1'),
    );
    expect(() => reverse("/<name>", { name: "a/b" })).toThrow(
      'name: expected a value that <name> matches, got "a/b"',
    );
    expect(() => reverse("/<name>", { name: {} })).toThrow("got object");
  });

  it("for segments that a URL parser would remove", () => {
    for (const name of [".", ".."]) {
      expect(() => reverse("/chat/<name>/x", { name })).toThrow(
        /expected a path without the segments \. and \.\./,
      );
    }
    expect(() => reverse("/<path:p>", { p: "a/../b" })).toThrow(TypeError);
    expect(() => reverse("/.<name>", { name: "." })).toThrow(TypeError);
    expect(reverse("/<name>", { name: "..." })).toBe("/...");
  });

  it("and says so in few words", () => {
    const long = "x".repeat(10_000);
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${long}${index}`, 1]));
    for (const params of [{ room: long }, many]) {
      expect(() => reverse("/<int:room>", params)).toThrow(
        expect.objectContaining({ message: expect.stringMatching(/^.{1,600}$/) }),
      );
    }
  });
});
