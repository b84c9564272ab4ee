import { describe, expect, test } from "vitest";
import { fillPattern } from "./fill-path.js";

const fill = (pattern: string, params: Record<string, unknown> = {}): string =>
  fillPattern("reverse", pattern, params);

describe("the path of a pattern", () => {
  test("is its pattern with the values in it", () => {
    expect(fill("/")).toBe("/");
    expect(fill("/chat/<int:room>/<slug:name>.json/", { room: 5, name: "dev" })).toBe("/chat/5/dev.json/");
  });

  test("has its values percent-encoded as segments", () => {
    expect(fill("/<a>", { a: "a b?c#d%e&é\\" })).toBe("/a%20b%3Fc%23d%25e%26%C3%A9%5C");
    expect(fill("/<a>", { a: "%2F" })).toBe("/%252F");
  });

  test("keeps the slashes of a path parameter", () => {
    expect(fill("/f/<path:p>/edit", { p: "a b/c//%2F" })).toBe("/f/a%20b/c//%252F/edit");
  });

  test("has its literal text encoded too, where a URL needs it", () => {
    expect(fill("/café/a b/@x:y/50%/?#")).toBe("/caf%C3%A9/a%20b/@x:y/50%25/%3F%23");
  });

  test("never names another host", () => {
    expect(fill("/<path:p>", { p: "/evil.example/x" })).toBe("/%2Fevil.example/x");
  });

  test("takes parameters without a prototype", () => {
    expect(fill("/<__proto__>", Object.assign(Object.create(null), { ["__proto__"]: "x" }))).toBe("/x");
  });
});

describe("a path that cannot be", () => {
  test("for want of a parameter", () => {
    expect(() => fill("/<int:room>/<name>", { room: 5 })).toThrow(
      new TypeError("reverse: expected the parameters {room, name}, got {room}"),
    );
    expect(() => fill("/<toString>")).toThrow("expected the parameters {toString}, got {}");
  });

  test("for one too many", () => {
    expect(() => fill("/<int:room>", { room: 5, more: 1 })).toThrow(
      new TypeError("reverse: expected the parameters {room}, got {room, more}"),
    );
  });

  test("for a value that its converter would not match again", () => {
    expect(() => fill("/<int:room>", { room: -1 })).toThrow(
      new TypeError("reverse: room: expected a value that <int:room> matches, got -1"),
    );
    expect(() => fill("/<name>", { name: "a/b" })).toThrow(
      'name: expected a value that <name> matches, got "a/b"',
    );
    expect(() => fill("/<name>", { name: {} })).toThrow("got object");
  });

  test("for segments that a URL parser would remove", () => {
    for (const name of [".", ".."]) {
      expect(() => fill("/chat/<name>/x", { name })).toThrow(
        /expected a path without the segments \. and \.\./,
      );
    }
    expect(() => fill("/<path:p>", { p: "a/../b" })).toThrow(TypeError);
    expect(() => fill("/.<name>", { name: "." })).toThrow(TypeError);
    expect(fill("/<name>", { name: "..." })).toBe("/...");
  });

  test("for a converter that not every pattern knows, and for what is no parameter", () => {
    expect(() => fill("/<hex:n>", { n: "ff" })).toThrow(
      new TypeError("reverse: expected a parameter of one of str, int, slug, uuid, path, got <hex:n>"),
    );
    expect(() => fill("/<toString:n>", { n: "ff" })).toThrow("got <toString:n>");
    expect(() => fill("/<>/", {})).toThrow("got <>");
  });

  test("and says so in few words", () => {
    const long = "x".repeat(10_000);
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${long}${index}`, 1]));
    for (const params of [{ room: long }, many]) {
      expect(() => fill("/<int:room>", params)).toThrow(
        expect.objectContaining({ message: expect.stringMatching(/^.{1,600}$/) }),
      );
    }
  });
});
