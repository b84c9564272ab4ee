import { describe, expect, test } from "vitest";
import { listenDefaults, otherOptions, resolveListen } from "./resolve-listen.js";

const longest = 2_147_483_647;

/** Resolves what a caller without types may pass. */
function resolveUntyped(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...resolveListen(given as Parameters<typeof resolveListen>[0]) };
}

test("is 127.0.0.1 at 8000, with 10 s for a head, where nothing else is said", () => {
  expect(resolveListen({})).toEqual(listenDefaults);
  expect(listenDefaults).toEqual({
    host: "127.0.0.1",
    port: 8000,
    path: undefined,
    fd: undefined,
    listen: true,
    backlog: 511,
    headersTimeout: 10_000,
    requestTimeout: 300_000,
    keepAliveTimeout: 5_000,
    maxSockets: undefined,
    proxyProtocol: false,
    directHandshakes: true,
    tls: undefined,
  });
  expect(resolveListen({ host: undefined, port: 0 })).toEqual({ ...listenDefaults, port: 0 });
});

describe.each([
  ["backlog", 1, 65_535],
  ["headersTimeout", 1, 300_000],
  ["requestTimeout", 0, longest],
  ["keepAliveTimeout", 1, longest - 1_000],
  ["maxSockets", 1, Number.POSITIVE_INFINITY],
  ["fd", 0, longest],
])("%s", (name, low, high) => {
  test(`may be from ${low} to ${high}`, () => {
    expect(resolveUntyped({ [name]: low })[name]).toBe(low);
    expect(resolveUntyped({ [name]: high })[name]).toBe(high);
  });

  const above = Number.isFinite(high) ? [high + 1] : [];

  test.each([low - 1, ...above, Number.NaN, "1", null])("is refused as %s", (value) => {
    expect(() => resolveUntyped({ [name]: value })).toThrow(
      `options.${name}: expected a number from ${low} to ${high}, got ${String(value)}.`,
    );
  });
});

test("a head has no longer than its request, by itself; a longer one is refused where it is asked for", () => {
  expect(resolveListen({ requestTimeout: 500 })).toMatchObject({ headersTimeout: 500, requestTimeout: 500 });
  expect(resolveListen({ requestTimeout: 0, headersTimeout: longest }).headersTimeout).toBe(longest);
  expect(() => resolveListen({ requestTimeout: 500, headersTimeout: 501 })).toThrow(
    "options.headersTimeout: expected a number from 1 to 500, got 501",
  );
});

test("one place is named, not two", () => {
  expect(() => resolveListen({ fd: 3, path: "/run/a.sock" })).toThrow(
    "options.fd: expected one place to listen at, got both fd and path",
  );
});

test.each(["listen", "directHandshakes", "proxyProtocol"])(
  "%s is refused where it is neither true nor false",
  (name) => {
    for (const value of [0, "no", null]) {
      expect(() => resolveUntyped({ [name]: value })).toThrow(`options.${name}: expected true or false, got`);
    }
  },
);

test("all other options are somebody else's", () => {
  expect(otherOptions({ port: 0, maxPayload: 5 } as Parameters<typeof otherOptions>[0])).toEqual({
    maxPayload: 5,
  });
});
