import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AllowedOrigins, originCheck } from "./origin.js";
import type { HeaderList } from "./scope.js";

/** The verdict on a request to `host` with these `Origin` lines. */
function passes(allowed: AllowedOrigins, origins: readonly string[], host?: string): boolean {
  const headers: (readonly [string, string])[] = origins.map((value) => ["origin", value] as const);
  if (host !== undefined) headers.unshift(["host", host]);
  return originCheck(allowed)(headers);
}

/** None of these is `https://good.com`, whatever it looks like. */
const impostors: readonly string[] = [
  "https://good.com.evil.com",
  "https://evilgood.com",
  "https://evil.com",
  "https://sub.good.com",
  "https://good.co",
  "https://good.com:444",
  "https://good.com:4430",
  "https://good.com:80",
  "http://good.com",
  "http://good.com:443",
  "wss://good.com",
  "https://good.com.",
  "https://good.com@evil.com",
  "https://good.com:443@evil.com",
  "https://evil.com/good.com",
  "https://evil.com/https://good.com",
  "https://evil.com?https://good.com",
  "https://evil.com#https://good.com",
  "https://evil.com\\good.com",
  "https://good.com/",
  "https://good.com/path",
  "https://good.com\0.evil.com",
  "https://good.com%00.evil.com",
  "https://good.com%2eevil.com",
  "https://good.com https://evil.com",
  "https://good.com, https://evil.com",
  "https://evil.com, https://good.com",
  " https://good.com",
  "https://good.com ",
  "https:good.com",
  "https:/good.com",
  "https:///good.com",
  "//good.com",
  "://good.com",
  "good.com",
  "good.com:443",
  "https://",
  "https://:443",
  "https://good.com:",
  "https://good.com:0443x",
  "https://gооd.com",
  "null",
  "NULL",
  "undefined",
  "*",
  "",
  "file://",
  "file:///etc/passwd",
  "data:text/html,x",
  "javascript:alert(1)",
  "constructor://good.com",
];

describe("a request without an Origin, which no browser sends to another's page,", () => {
  test("passes, whatever is allowed", () => {
    for (const allowed of ["*", [], ["https://good.com"], ["same-host"], ["null"]] as const) {
      expect(passes(allowed, [], "good.com")).toBe(true);
    }
  });
});

describe("a list of origins", () => {
  test.each(["https://good.com", "https://good.com:443", "HTTPS://GOOD.COM", "https://Good.Com:0443"])(
    "lets its own origin in, spelt %s",
    (origin) => {
      expect(passes(["https://good.com"], [origin])).toBe(true);
      expect(passes(["HTTPS://good.com:443"], [origin])).toBe(true);
    },
  );

  test.each(impostors)("keeps %j out", (origin) => {
    expect(passes(["https://good.com"], [origin], "good.com")).toBe(false);
  });

  test("compares a port that is not the scheme's own", () => {
    expect(passes(["http://localhost:3000"], ["http://localhost:3000"])).toBe(true);
    expect(passes(["http://localhost:3000"], ["http://localhost:3001"])).toBe(false);
    expect(passes(["http://localhost:3000"], ["http://localhost"])).toBe(false);
  });

  test("takes an address for what is written, not for what it may stand for", () => {
    const others = [
      "http://localhost",
      "http://127.1",
      "http://0177.0.0.1",
      "http://0x7f.0.0.1",
      "http://2130706433",
      "http://[::1]",
      "http://[::ffff:127.0.0.1]",
      "http://127.0.0.1.",
      "http://127.0.0.1.evil.com",
    ];
    expect(passes(["http://127.0.0.1"], ["http://127.0.0.1"])).toBe(true);
    expect(others.filter((origin) => passes(["http://127.0.0.1"], [origin]))).toEqual([]);
    expect(passes(["http://[::1]:8000"], ["http://[::1]:8000"])).toBe(true);
  });

  test("lets any of its entries in, and only those", () => {
    const allowed = ["https://good.com", "http://localhost:3000", "app://bundle"];
    expect(allowed.every((origin) => passes(allowed, [origin]))).toBe(true);
    expect(passes(allowed, ["app://other"])).toBe(false);
    expect(passes(allowed, ["https://localhost:3000"])).toBe(false);
  });

  test("lets nobody in when it is empty", () => {
    expect(passes([], ["https://good.com"], "good.com")).toBe(false);
  });

  test("lets `null` in only where it is named literally", () => {
    expect(passes(["null"], ["null"])).toBe(true);
    expect(passes(["null"], ["Null"])).toBe(false);
    expect(passes(["null"], ["file://"])).toBe(false);
    expect(passes(["https://good.com", "same-host"], ["null"], "null")).toBe(false);
  });
});

describe("two Origin headers", () => {
  test.each([
    [["https://good.com", "https://evil.com"]],
    [["https://evil.com", "https://good.com"]],
    [["https://good.com", "https://good.com"]],
    [["null", "null"]],
  ])("never pass: %j", (origins) => {
    expect(passes(["https://good.com", "null", "same-host"], origins, "good.com")).toBe(false);
  });
});

describe("`same-host`", () => {
  test.each([
    ["http://good.com", "good.com"],
    ["https://good.com", "good.com"],
    ["https://good.com", "GOOD.com:443"],
    ["http://good.com:80", "good.com"],
    ["http://localhost:8000", "localhost:8000"],
    ["http://[::1]:8000", "[::1]:8000"],
    ["http://good.com.", "good.com."],
  ])("lets %s in at %s", (origin, host) => {
    expect(passes(["same-host"], [origin], host)).toBe(true);
  });

  test.each([
    ["https://good.com.evil.com", "good.com"],
    ["https://evilgood.com", "good.com"],
    ["https://good.com", "good.com.evil.com"],
    ["https://good.com:444", "good.com"],
    ["https://good.com", "good.com:444"],
    ["https://good.com", "good.com:80"],
    ["https://good.com.", "good.com"],
    ["http://localhost", "127.0.0.1"],
    ["http://localhost:8000", "localhost:8001"],
    ["null", "null"],
    ["file://", ""],
    ["file://good.com", "good.com"],
    ["capacitor://localhost", "localhost"],
    ["constructor://good.com", "good.com"],
    ["https://good.com", "good.com, evil.com"],
    ["https://good.com", ""],
  ])("keeps %s out at %s", (origin, host) => {
    expect(passes(["same-host"], [origin], host)).toBe(false);
  });

  test("keeps everyone out where the request names no host", () => {
    expect(passes(["same-host"], ["https://good.com"])).toBe(false);
  });

  test("stands beside other entries", () => {
    const allowed = ["same-host", "https://other.com"];
    expect(passes(allowed, ["https://other.com"], "good.com")).toBe(true);
    expect(passes(allowed, ["https://good.com"], "good.com")).toBe(true);
    expect(passes(allowed, ["https://third.com"], "good.com")).toBe(false);
  });
});

test("`*` lets every request in, whatever it says", () => {
  expect(impostors.every((origin) => passes("*", [origin]))).toBe(true);
  expect(passes("*", ["https://a.com", "https://b.com"])).toBe(true);
});

describe("an entry that is no origin", () => {
  test.each([
    "good.com",
    "https://good.com/",
    "https://good.com/app",
    "https://*.good.com",
    "*",
    "https://",
    "file://",
    "",
    "https://good.com:65536",
  ])("is told at once: %j", (entry) => {
    expect(() => originCheck(["https://ok.com", entry])).toThrow(
      new TypeError(
        `allowed origins: expected "scheme://host" or "scheme://host:port", "null" or "same-host", got "${entry}". ` +
          "Likely mistake: a path or a trailing slash after the host.",
      ),
    );
  });

  test("is told shortly", () => {
    const long = "x".repeat(100_000);
    expect(() => originCheck([long])).toThrow(/^.{0,300}$/);
  });
});

test("no headers make the check throw", () => {
  const check = originCheck(["https://good.com", "same-host", "null"]);
  const value = fc.oneof(fc.string({ unit: "binary" }), fc.webUrl(), fc.constantFrom(...impostors));
  const headers: fc.Arbitrary<HeaderList> = fc.array(
    fc.tuple(fc.constantFrom("origin", "host", "__proto__"), value),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(headers, (list) => typeof check(list) === "boolean"),
    { numRuns: 3000 },
  );
});

test("an origin of another host never passes, wherever its own name is hidden in it", () => {
  const check = originCheck(["https://good.com"]);
  const around = (...likely: string[]): fc.Arbitrary<string> =>
    fc.oneof(fc.constantFrom(...likely), fc.string({ maxLength: 8 }));
  fc.assert(
    fc.property(around("https://", "https://evil.com"), around("", ":443", "."), (before, after) => {
      const origin = `${before}good.com${after}`;
      const same = /^https:\/\/good\.com(:0{0,2}443)?$/i.test(origin);
      expect(check([["origin", origin]])).toBe(same);
    }),
    { numRuns: 3000 },
  );
});

test("is refused where it is neither a list nor *", () => {
  const one = "https://example.com" as unknown as readonly string[];
  expect(() => originCheck(one)).toThrow(/expected "\*" or a list of origins/);
});
