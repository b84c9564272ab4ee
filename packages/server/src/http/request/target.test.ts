import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTarget } from "./target.js";

/** Texts that are near to being targets. */
const nearTarget = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "/",
        "//",
        "?",
        "#",
        "%",
        "%2f",
        "%ff",
        "%00",
        "%C3%A9",
        "..",
        "*",
        "http://",
        "h",
        "\\",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
  )
  .map((parts) => parts.join(""));

describe("a request target", () => {
  test.each([
    ["/", "/", "/", ""],
    ["/ws/", "/ws/", "/ws/", ""],
    ["/ws?a=1&a=2", "/ws", "/ws", "a=1&a=2"],
    ["/ws?", "/ws", "/ws", ""],
    ["/a%20b/%C3%A9", "/a b/é", "/a%20b/%C3%A9", ""],
    ["/a%3Fb?c", "/a?b", "/a%3Fb", "c"],
    ["/a%23b", "/a#b", "/a%23b", ""],
    ["/100%25", "/100%", "/100%25", ""],
    ["/a//b", "/a//b", "/a//b", ""],
  ])("%s has the path %s", (target, path, rawPath, queryString) => {
    expect(parseTarget(target)).toEqual({ path, rawPath, queryString });
  });

  test("is split at its first question mark; the query stays as it came", () => {
    const target = parseTarget("/a?b?c=%zz&__proto__[x]=%00&&&=%ff//");
    expect(target?.path).toBe("/a");
    expect(target?.queryString).toBe("b?c=%zz&__proto__[x]=%00&&&=%ff//");
  });

  test("may have a long query", () => {
    const query = "q".repeat(15_000);
    expect(parseTarget(`/?${query}`)?.queryString).toBe(query);
  });
});

describe("a target that cannot be decoded", () => {
  test.each(["/\0", "/a\0b", "/%00", "/a%00b"])("holds a NUL: %j", (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });

  test.each(["/%", "/%a", "/%zz", "/%ff", "/%c0%af", "/%ed%a0%80", "/%f4%90%80%80", "/a%C3"])(
    "is not percent-encoded UTF-8: %s",
    (target) => {
      expect(parseTarget(target)).toBeUndefined();
    },
  );

  test.each(["//", "//evil.com/x", "/%2fevil.com", "/%2F", "http://h//evil.com"])(
    "begins like a host: %s",
    (target) => {
      expect(parseTarget(target)).toBeUndefined();
    },
  );

  test.each(["/a#b", "/#", "/?a#b", "http://h#b"])("has a fragment: %s", (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });

  test.each(["*", "", "?a", "a/b", "h:80", "mailto:a", " /"])("has no path: %j", (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });
});

describe("a path that a later reader could resolve to another", () => {
  test.each([
    "/../../etc/passwd",
    "/a/%2e%2e/b",
    "/a%2f..%2fb",
    "/a%5c..%5cb",
    "/./a",
    "/a/..",
    "/.",
    "http://h/../a",
  ])("has a dot segment: %s", (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });

  test.each(["/\\evil.com", "/a\\b", "/\\?a"])("has a raw backslash: %s", (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });

  test.each([
    ["/.a/b../...", "/.a/b../..."],
    ["/%252e%252e/a", "/%2e%2e/a"],
    ["/a%5cb", "/a\\b"],
    ["/a?/../\\", "/a"],
  ])("%s is not one", (target, path) => {
    expect(parseTarget(target)?.path).toBe(path);
  });
});

describe("the absolute form", () => {
  test.each([
    ["http://evil/x", "/x", ""],
    ["HTTPS://evil:444/x/y?z", "/x/y", "z"],
    ["ws://user:pass@evil/x", "/x", ""],
    ["http://evil", "/", ""],
    ["http://evil?q", "/", "q"],
    ["http://[::1]:80/", "/", ""],
    ["http:///x", "/x", ""],
  ])("counts for its path and query alone: %s", (target, path, queryString) => {
    expect(parseTarget(target)).toEqual({ path, rawPath: path, queryString });
  });
});

describe("whatever comes", () => {
  test("nothing throws, and a path begins with one slash, holds no NUL and is what its raw form decodes to", () => {
    fc.assert(
      fc.property(fc.oneof(nearTarget, fc.webUrl(), fc.string({ unit: "binary" })), (text) => {
        const target = parseTarget(text);
        if (target === undefined) return;
        expect(target.path).toMatch(/^\/(?!\/)/);
        expect(target.path).not.toContain("\0");
        expect(target.path).toBe(decodeURIComponent(target.rawPath));
        expect(text).toContain(target.queryString);
      }),
    );
  });

  test("any path that has no NUL, no dot segment and no empty first one comes back from its encoded form", () => {
    const segments = fc.array(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")));
    fc.assert(
      fc.property(segments, fc.stringMatching(/^[a-z=&?%]*$/), ([first = "", ...rest], query) => {
        const path = `/${[first === "" ? "a" : first, ...rest].join("/")}`;
        fc.pre(!path.startsWith("//") && !/[/\\]\.{1,2}([/\\]|$)/.test(path));
        const rawPath = path.split("/").map(encodeURIComponent).join("/");
        expect(parseTarget(`${rawPath}?${query}`)).toEqual({ path, rawPath, queryString: query });
      }),
    );
  });
});
