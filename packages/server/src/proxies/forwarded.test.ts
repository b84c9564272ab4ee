import type { HeaderList } from "@ws/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forwardedHops, type Hop } from "./forwarded.js";

const hops = (headers: HeaderList): Hop[] => [...forwardedHops(headers)];
const lines = (...values: readonly string[]): HeaderList =>
  values.map((value) => ["forwarded", value] as const);
const clients = (headers: HeaderList): unknown[] => hops(headers).map(({ client }) => client?.host);

describe("Forwarded", () => {
  test("is read with all its parameters, in any case, quoted or not", () => {
    expect(
      hops(lines('For="[2001:db8::1]:4711";PROTO=HTTPS;by=203.0.113.43;host="example.com:8443"')),
    ).toEqual([{ client: { host: "2001:db8::1", port: 4711 }, isSecure: true, host: "example.com:8443" }]);
  });

  test("is read from the right, over several lines", () => {
    expect(clients(lines("for=192.0.2.1, for=192.0.2.2", "for=192.0.2.3;proto=http"))).toEqual([
      "192.0.2.3",
      "192.0.2.2",
      "192.0.2.1",
    ]);
  });

  test("may have separators in quotes, and white space around them", () => {
    expect(hops(lines('for=192.0.2.1 ; by="_a,b;c" ;proto=http , for="192.0.2.2"'))).toEqual([
      { client: { host: "192.0.2.2", port: 0 }, isSecure: undefined, host: undefined },
      { client: { host: "192.0.2.1", port: 0 }, isSecure: false, host: undefined },
    ]);
  });

  test("is not swallowed by a quote that its client left open, as it is read from the right", () => {
    expect(clients(lines('for="6.6.6.6, for=192.0.2.1')).at(0)).toBe("192.0.2.1");
    expect(clients(lines('for="', "for=192.0.2.1")).at(0)).toBe("192.0.2.1");
  });

  test.each([
    "for=unknown",
    "for=_hidden",
    "for=",
    "for",
    "",
    ";",
    "=",
    "for=192.0.2.1;for=192.0.2.2",
    "192.0.2.1",
    'for="192.0.2.1',
    "for=192.0.2.1;;",
  ])("tells no client in %j", (value) => {
    expect(clients(lines(value))[0]).toBeUndefined();
  });

  test("tells no scheme and no host that is none", () => {
    expect(hops(lines('for=192.0.2.1;proto=ftp;host="a b"'))).toEqual([
      { client: { host: "192.0.2.1", port: 0 }, isSecure: undefined, host: undefined },
    ]);
  });
});

describe("X-Forwarded-…", () => {
  test("tells the clients from the right, and scheme and host of the nearest proxy", () => {
    const headers: HeaderList = [
      ["x-forwarded-for", '"[2001:db8::1]:9", 192.0.2.1:80'],
      ["x-forwarded-proto", "http, HTTPS"],
      ["x-forwarded-host", "internal, Example.com"],
    ];
    expect(hops(headers)).toEqual([
      { client: { host: "192.0.2.1", port: 80 }, isSecure: true, host: "Example.com" },
      { client: { host: "2001:db8::1", port: 9 }, isSecure: undefined, host: undefined },
      { client: undefined, isSecure: undefined, host: undefined },
    ]);
  });

  test("tells scheme and host where it tells no client", () => {
    expect(hops([["x-forwarded-proto", "wss"]])).toEqual([
      { client: undefined, isSecure: true, host: undefined },
    ]);
    expect(hops([["x-forwarded-host", "a.com"]])).toEqual([
      { client: undefined, isSecure: undefined, host: "a.com" },
    ]);
  });

  test.each(["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"])(
    "goes before Forwarded, where there is but %s",
    (name) => {
      const headers: HeaderList = [[name, "a b"], ...lines("for=6.6.6.6;proto=https;host=evil.com")];
      expect(hops(headers).some(({ client, host }) => client ?? host)).toBe(false);
    },
  );
});

test("whatever the headers say, nothing throws", () => {
  const name = fc.constantFrom("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host");
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("for", "=", '"', "[::1]", "1.2.3.4", ":", ";", ",", "\\", " ", "proto", "host"))
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (headers) => hops(headers).length >= 0),
    { numRuns: 1_000 },
  );
});
