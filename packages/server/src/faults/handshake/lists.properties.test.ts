import {
  type AllowedOrigins,
  type HeaderList,
  headerValues,
  isToken,
  originCheck,
  parseHost,
  requestUrl,
} from "@ws/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scopeWith } from "../../gateway/origin.fixture.js";
import { readHandshake } from "../../http/request/handshake.js";
import { parseTarget } from "../../http/request/target.js";

const byte = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });

/** Texts that are near to being origins. */
const nearOrigin = fc
  .array(
    fc.constantFrom(
      "https",
      "http",
      "://",
      ":",
      "good.com",
      "localhost",
      "443",
      "80",
      ".",
      "/",
      "@",
      "[::1]",
      "null",
      " ",
      ",",
      "\xa0",
    ),
  )
  .map((parts) => parts.join(""));
const allowed: readonly AllowedOrigins[] = [
  "*",
  [],
  ["null"],
  ["same-host"],
  ["https://good.com", "same-host"],
];

test("fault 30: whatever an Origin says, its check answers and never throws", () => {
  const checks = allowed.map(originCheck);
  fc.assert(
    fc.property(fc.array(fc.oneof(byte, nearOrigin), { maxLength: 3 }), byte, (origins, host) => {
      const headers: HeaderList = [["host", host], ...origins.map((origin) => ["origin", origin] as const)];
      const answers = checks.map((check) => check(scopeWith(headers)));
      expect(answers.slice(0, 2)).toEqual([true, origins.length === 0]);
      if (origins.length > 1) expect(answers.slice(1)).not.toContain(true);
    }),
    { numRuns: 2_000 },
  );
});

test("fault 30: an origin that passes a list is one of it, as a URL parser reads both", () => {
  const check = originCheck(["https://good.com"]);
  fc.assert(
    fc.property(fc.oneof(nearOrigin, fc.webUrl()), (origin) => {
      if (check(scopeWith([["origin", origin]])) === true)
        expect(new URL(origin).origin).toBe("https://good.com");
    }),
    { numRuns: 2_000 },
  );
});

test("fault 43: whatever a list of subprotocols says, what passes is distinct tokens of it", () => {
  const item = fc.oneof(byte, fc.constantFrom("a", "b", " ", "\t", ",", '"', "", "\xa0"));
  const line = fc.array(item).map((items) => items.join(","));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
      const headers: HeaderList = [
        ["upgrade", "websocket"],
        ["sec-websocket-version", "13"],
        ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
        ...lines.map((value) => ["sec-websocket-protocol", value] as const),
      ];
      const target = { path: "/", rawPath: "/", queryString: "" };
      const answer = readHandshake({ method: "GET", target, headers }, "1.1");
      if (!Array.isArray(answer)) {
        expect(answer).toMatchObject({ status: 400 });
        return;
      }
      expect(answer.every(isToken)).toBe(true);
      expect(new Set(answer).size).toBe(answer.length);
      expect(answer.join(",")).toBe(
        headerValues(headers, "sec-websocket-protocol").join(",").replace(/[\t ]/g, ""),
      );
    }),
    { numRuns: 2_000 },
  );
});

test("fault 34: of a target and a Host that pass, a URL has the same path and host for every reader", () => {
  const part = fc.constantFrom(
    "/",
    "a",
    ".",
    "..",
    "%2e",
    "%2f",
    "\\",
    "%5c",
    "?",
    "%C3%A9",
    "@",
    ":",
    "//",
    "http://",
    "'",
    "^",
    "|",
    "{",
  );
  const host = fc.oneof(
    byte,
    fc.constantFrom("h", "256.1.1.1", "xn--a", "[::1::]", "[::1]:1", "a..b", "1.2", "0x7f.1"),
  );
  fc.assert(
    fc.property(
      fc.array(part).map((parts) => `/${parts.join("")}`),
      host,
      (text, name) => {
        const target = parseTarget(text);
        if (target === undefined || parseHost(name) === undefined) return;
        const asgi = { version: "3.0", specVersion: "2.5" } as const;
        const rest = {
          rootPath: "",
          client: null,
          server: null,
          state: {},
          extensions: {},
          subprotocols: [],
        };
        const headers: HeaderList = [["host", name]];
        const url = requestUrl({
          type: "websocket",
          scheme: "ws",
          httpVersion: "1.1",
          asgi,
          headers,
          ...target,
          ...rest,
        });
        expect(decodeURIComponent(url.pathname)).toBe(target.path);
        expect(url.hash + url.username).toBe("");
      },
    ),
    { numRuns: 3_000 },
  );
});
