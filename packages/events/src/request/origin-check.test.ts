import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HeaderList, WebSocketScope } from "../model/scope.js";
import type { AllowedOrigins } from "./allowed-origins.js";
import { originCheck } from "./origin-check.js";

function scopeWith(headers: HeaderList, scheme: "ws" | "wss" = "ws"): WebSocketScope {
  return {
    type: "websocket",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    scheme,
    path: "/",
    rawPath: "/",
    queryString: "",
    rootPath: "",
    headers,
    client: null,
    server: null,
    subprotocols: [],
    state: {},
    extensions: {},
  };
}

/** The verdict on a request to `host` with these `Origin` lines. */
function passes(allowed: AllowedOrigins, origins: readonly string[], host?: string): boolean {
  const headers: (readonly [string, string])[] = origins.map((value) => ["origin", value] as const);
  if (host !== undefined) headers.unshift(["host", host]);
  const verdict = originCheck(allowed)(scopeWith(headers));
  if (typeof verdict !== "boolean") throw new TypeError("expected a list to be checked at once");
  return verdict;
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
    "*",
    "https://",
    "",
    "https://good.com:65536",
    "https://*",
    "https://*.",
    "https://*good.com",
    "https://good.*",
    "https://a.*.good.com",
    "https://*.*.good.com",
    "https://*.good.com/",
    "https://*.127.0.0.1",
    "https://*.[::1]",
    "https://*..good.com",
    "*://good.com",
    "*.good.com",
    "file:///",
    "https://bücher.example",
    "https://good.com:",
  ])("is reported at once, with all forms that there are: %j", (entry) => {
    expect(() => originCheck(["https://ok.com", entry])).toThrow(
      expect.objectContaining({
        name: "TypeError",
        message: expect.stringMatching(
          /^allowed origins: expected "\*", a function .* "https:\/\/\*\.example\.com", "file:\/\/", "null" or "same-host"; got "/,
        ),
      }),
    );
  });

  test.each<[string, string]>([
    ["good.com", "no scheme"],
    ["*", 'a list around "*"'],
    ["https://a.*.good.com", 'a "*" that is not the whole first label of a name'],
    ["https://bücher.example", "a name that is not in punycode"],
    ["https://good.com/", "a path or a trailing slash after the host"],
  ])("%j is explained as %s", (entry, likely) => {
    expect(() => originCheck([entry])).toThrow(`got "${entry}". Likely mistake: ${likely}.`);
  });

  test("is reported in bounded length", () => {
    const long = "x".repeat(100_000);
    expect(() => originCheck([long])).toThrow(/^.{0,400}$/);
    expect(() => originCheck(new RegExp(long) as unknown as readonly string[])).toThrow(/^.{0,400}$/);
  });

  test.each<[unknown, string]>([
    [
      [/good\.com$/],
      "got the RegExp /good\\.com$/. Likely mistake: a RegExp, for which a function can stand.",
    ],
    [[7], "got 7. Likely mistake: an entry that is no string."],
    [[undefined], "got undefined. Likely mistake: an entry that is no string."],
    [[() => true], "got a function. Likely mistake: an entry that is no string."],
    [/good/, "got the RegExp /good/. Likely mistake: one origin without a list."],
    ["https://good.com", 'got "https://good.com". Likely mistake: one origin without a list.'],
    [true, "got true. Likely mistake: another type."],
    [undefined, "got undefined. Likely mistake: another type."],
    [null, "got null. Likely mistake: another type."],
    [new Set(["https://good.com"]), "got an object without keys. Likely mistake: another type."],
  ])("fault 179: a wrong type is a TypeError that names the forms: %s", (allowed, rest) => {
    const attempt = (): unknown => originCheck(allowed as readonly string[]);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(
      'expected "*", a function (origin, scope) => boolean | Promise<boolean>, or a list of',
    );
    expect(attempt).toThrow(rest);
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
    fc.property(headers, (list) => typeof check(scopeWith(list)) === "boolean"),
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
      expect(check(scopeWith([["origin", origin]]))).toBe(same);
    }),
    { numRuns: 3000 },
  );
});

describe("a wildcard", () => {
  const wildcard = "https://*.example.com";

  test.each(["https://a.example.com", "https://a.b.example.com", "HTTPS://A.Example.com:443"])(
    "fault 179: lets %s in",
    (origin) => {
      expect(passes([wildcard], [origin])).toBe(true);
    },
  );

  test.each([
    "https://example.com",
    "https://.example.com",
    "https://*.example.com",
    "https://aexample.com",
    "https://evil.com/.example.com",
    "https://evil.com?.example.com",
    "https://evil.com#.example.com",
    "https://evil.com\\.example.com",
    "https://evil.com@a.example.com",
    "https://evil.com:443@a.example.com",
    "https://evil.com%2f.example.com",
    "https://evil.com\0.example.com",
    "https://evil.com .example.com",
    "https://a.example.com.evil.com",
    "https://a.example.com.",
    "https://a.example.com:8443",
    "http://a.example.com",
    "wss://a.example.com",
    "null",
  ])("fault 179: keeps %j out", (origin) => {
    expect(passes([wildcard], [origin], "example.com")).toBe(false);
  });

  test("may have a port, and a scheme of no web server", () => {
    expect(passes(["https://*.example.com:8443"], ["https://a.example.com:8443"])).toBe(true);
    expect(passes(["https://*.example.com:8443"], ["https://a.example.com"])).toBe(false);
    expect(passes(["app://*.example.com"], ["app://a.example.com"])).toBe(true);
  });
});

describe("an origin without a host", () => {
  test("fault 179: `file://` passes where it is listed, and nowhere else", () => {
    expect(passes(["file://"], ["file://"])).toBe(true);
    expect(passes(["FILE://"], ["file://"])).toBe(true);
    expect(passes(["file://"], ["file:///etc/passwd"])).toBe(false);
    expect(passes(["file://"], ["file://host"])).toBe(false);
    expect(passes(["file://"], ["null"])).toBe(false);
    expect(passes(["same-host", "https://good.com"], ["file://"], "good.com")).toBe(false);
  });
});

describe("a function", () => {
  const ask = (answer: (origin: string, scope: WebSocketScope) => boolean | Promise<boolean>) => {
    const asked: string[] = [];
    const check = originCheck((origin, scope) => {
      asked.push(`${origin} at ${scope.path}`);
      return answer(origin, scope);
    });
    return { asked, check };
  };

  test("is given the origin as it came, and the scope; its answer stands, at once or later", async () => {
    const { asked, check } = ask(() => true);
    expect(check(scopeWith([["origin", "HTTPS://Good.com:443"]]))).toBe(true);
    expect(check(scopeWith([["origin", "null"]]))).toBe(true);
    expect(asked).toEqual(["HTTPS://Good.com:443 at /", "null at /"]);
    await expect(ask(async () => false).check(scopeWith([["origin", "https://good.com"]]))).resolves.toBe(
      false,
    );
  });

  test("is not asked about a request without an Origin, with two, or with one that is none", () => {
    const { asked, check } = ask(() => true);
    expect(check(scopeWith([]))).toBe(true);
    for (const origin of ["https://evil.com/.example.com", "good.com", "", "https://good.com/"]) {
      expect(check(scopeWith([["origin", origin]]))).toBe(false);
    }
    const twice = ["origin", "https://good.com"] as const;
    expect(check(scopeWith([twice, twice]))).toBe(false);
    expect(asked).toEqual([]);
  });
});

describe("`same-host` and the scheme", () => {
  const at = (origin: string, scheme: "ws" | "wss", isSecure?: boolean): unknown =>
    originCheck(["same-host"])(
      scopeWith(
        [
          ["host", "good.com"],
          ["origin", origin],
        ],
        scheme,
      ),
      isSecure,
    );

  test("fault 181: a page without TLS is not of the same host as a server with it", () => {
    expect(at("http://good.com", "wss")).toBe(false);
    expect(at("ws://good.com", "wss")).toBe(false);
    expect(at("https://good.com", "wss")).toBe(true);
  });

  test("are compared where it is known that there is no TLS, and not where a proxy may have taken it away", () => {
    expect(at("https://good.com", "ws", false)).toBe(false);
    expect(at("http://good.com", "ws", false)).toBe(true);
    expect(at("https://good.com", "ws")).toBe(true);
    expect(at("http://good.com", "ws")).toBe(true);
  });
});
