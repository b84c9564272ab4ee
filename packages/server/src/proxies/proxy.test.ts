import { IncomingMessage } from "node:http";
import { isIP, Socket } from "node:net";
import type { HeaderList } from "@ws/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { peerAt, unixPeer } from "../gateway/origin.fixture.js";
import type { Peer } from "./peer.js";
import { TrustedProxies } from "./proxy.js";

const from = (...values: readonly string[]): HeaderList =>
  values.map((value) => ["x-forwarded-for", value] as const);
const proto = (...values: readonly string[]): HeaderList =>
  values.map((value) => ["x-forwarded-proto", value] as const);

/** Where the client is, as a server sees it whose proxies are those of 10.0.0.0/8. */
function clientOf(...values: readonly string[]): string | undefined {
  return new TrustedProxies(["10.0.0.0/8"]).read(peerAt("10.0.0.1"), from(...values)).client?.host;
}

describe("without trusted proxies", () => {
  test("the socket alone is believed", () => {
    const peer = peerAt("10.0.0.1");
    expect(new TrustedProxies([]).read(peer, [...from("1.2.3.4"), ...proto("https")])).toBe(peer);
  });
});

describe("the headers of a peer that is not on the list", () => {
  test("are ignored", () => {
    const peer = peerAt("9.9.9.9");
    const headers = [...from("1.2.3.4"), ...proto("https")];
    expect(new TrustedProxies(["10.0.0.0/8"]).read(peer, headers)).toBe(peer);
  });

  test("are ignored on a unix socket", () => {
    expect(new TrustedProxies(["0.0.0.0/0", "::/0"]).read(unixPeer, from("1.2.3.4"))).toBe(unixPeer);
  });
});

describe("the client behind a trusted proxy", () => {
  test("is the address that the proxy tells, with port 0 where it tells none", () => {
    const read = (value: string) => new TrustedProxies(["10.0.0.1"]).read(peerAt("10.0.0.1"), from(value));
    expect(read("1.2.3.4")).toMatchObject({ client: { host: "1.2.3.4", port: 0 }, isSecure: undefined });
    expect(read("1.2.3.4:80")).toMatchObject({ client: { host: "1.2.3.4", port: 80 } });
  });

  test("is the proxy itself where it tells none", () => {
    const peer = peerAt("10.0.0.1");
    expect(new TrustedProxies(["10.0.0.1"]).read(peer, [])).toEqual(peer);
  });

  test("is the first from the right that is no proxy: what a client wrote itself stands left of it", () => {
    expect(clientOf("6.6.6.6, 1.2.3.4")).toBe("1.2.3.4");
    expect(clientOf("6.6.6.6, 1.2.3.4, 10.0.0.2")).toBe("1.2.3.4");
    expect(clientOf("10.9.9.9, 1.2.3.4 ,10.0.0.2,10.0.0.3")).toBe("1.2.3.4");
  });

  test("is found across several header lines", () => {
    expect(clientOf("6.6.6.6", "1.2.3.4", "10.0.0.2, 10.0.0.3")).toBe("1.2.3.4");
  });

  test("is the leftmost where all are proxies", () => {
    expect(clientOf("10.0.0.3, 10.0.0.2")).toBe("10.0.0.3");
  });

  test.each(["unknown", "", "evil.com", "1.2.3.4:x", "[1.2.3.4]", "1.2.3", "<script>"])(
    "is the last address before one that is none: %j",
    (value) => {
      expect(clientOf(value)).toBe("10.0.0.1");
      expect(clientOf(`1.2.3.4, ${value}, 10.0.0.2`)).toBe("10.0.0.2");
    },
  );

  test("may speak IPv6", () => {
    const proxies = new TrustedProxies(["2001:db8::/32"]);
    expect(proxies.read(peerAt("2001:db8::1"), from("2001:db9::7")).client?.host).toBe("2001:db9::7");
    expect(proxies.read(peerAt("2001:db9::1"), from("2001:db9::7")).client?.host).toBe("2001:db9::1");
  });

  test.each(["fe80::1%eth0", "::ffff:10.0.0.1", "::FFFF:10.0.0.1", "::ffff:a00:1"])(
    "may stand behind a proxy whose address is written as %s",
    (host) => {
      const proxies = new TrustedProxies(["10.0.0.0/8", "fe80::/10"]);
      expect(proxies.read(peerAt(host), from("1.2.3.4")).client?.host).toBe("1.2.3.4");
    },
  );

  test("may stand behind a proxy that the list has in IPv6 clothes", () => {
    const proxies = new TrustedProxies(["::ffff:10.0.0.1"]);
    for (const host of ["10.0.0.1", "::ffff:10.0.0.1"]) {
      expect(proxies.read(peerAt(host), from("1.2.3.4")).client?.host).toBe("1.2.3.4");
    }
  });
});

describe("the scheme behind a trusted proxy", () => {
  const isSecure = (headers: HeaderList, own: boolean): boolean | undefined =>
    new TrustedProxies(["10.0.0.1"]).read(peerAt("10.0.0.1", own), headers).isSecure;

  test.each([
    ["https", true],
    ["HTTPS", true],
    ["Http", false],
    ["wss", true],
    ["http", false],
    ["ws", false],
  ])("is what the proxy says: %s", (scheme, expected) => {
    expect(isSecure(proto(scheme), !expected)).toBe(expected);
  });

  test.each(["javascript", "", "https:", "httpss", "ftp", "__proto__"])(
    "is the socket's own where the proxy says %j",
    (scheme) => {
      expect(isSecure(proto(scheme), true)).toBe(true);
      expect(isSecure(proto(scheme), false)).toBe(false);
    },
  );

  test("is the socket's own where the proxy says nothing", () => {
    expect(isSecure([], true)).toBe(true);
    expect(isSecure([], false)).toBe(false);
    expect(new TrustedProxies(["10.0.0.1"]).read(peerAt("10.0.0.1"), []).isSecure).toBeUndefined();
  });

  test("is what the nearest proxy says", () => {
    expect(isSecure(proto("https, http"), true)).toBe(false);
    expect(isSecure(proto("http", "https"), false)).toBe(true);
  });
});

describe("a proxy on a unix socket", () => {
  const proxies = new TrustedProxies(["unix"]);

  test("is believed where `unix` is on the list", () => {
    const read = proxies.read(unixPeer, [...from("6.6.6.6, 1.2.3.4"), ...proto("https")]);
    expect(read).toMatchObject({ client: { host: "1.2.3.4", port: 0 }, isSecure: true });
  });

  test("has no address where it tells none", () => {
    expect(proxies.read(unixPeer, []).client).toBeNull();
  });

  test("may stand behind others that have an address", () => {
    const both = new TrustedProxies(["unix", "10.0.0.0/8"]);
    expect(both.read(unixPeer, from("6.6.6.6, 1.2.3.4, 10.0.0.2")).client?.host).toBe("1.2.3.4");
  });

  test("is no TCP peer without an address, no address at all, and nobody whom a proxy did not name", () => {
    for (const peer of [
      { ...unixPeer, isLocal: false },
      peerAt("10.0.0.1"),
      { ...unixPeer, isAnonymous: true },
    ]) {
      expect(proxies.read(peer, from("1.2.3.4"))).toBe(peer);
    }
  });
});

describe("the list of trusted proxies", () => {
  test.each([
    "127.0.0.1",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "1.2.3.4/32",
    "::1",
    "fd00::/8",
    "::/0",
    "::1/128",
    "unix",
  ])("takes %s", (entry) => {
    expect(() => new TrustedProxies([entry])).not.toThrow();
  });

  test.each([
    "localhost",
    "",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/8.5",
    "10.0.0.0/8/16",
    "::/129",
    "10.0.0",
    "10.0.0.1:80",
    "*",
    "unix:",
    "/run/ws.sock",
  ])("does not take %j", (entry) => {
    expect(() => new TrustedProxies(["127.0.0.1", entry])).toThrow(
      new TypeError(
        `options.trustedProxies: expected IP addresses, CIDR ranges and "unix", got "${entry}".` +
          " Likely mistake: a host name, or the path of a unix socket.",
      ),
    );
  });

  test("complains shortly of an entry however long", () => {
    const error = expect(() => new TrustedProxies(["x".repeat(100_000)]));
    error.toThrow(`got "${"x".repeat(64)}".`);
  });
});

describe("whatever the headers say", () => {
  test("nothing throws, and the client is an address of the headers or the peer", () => {
    const proxies = new TrustedProxies(["10.0.0.0/8", "::1"]);
    const value = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom("10.0.0.9", "::1", ","), fc.string());
    fc.assert(
      fc.property(fc.array(value), fc.string(), (values, scheme) => {
        const headers = [...from(...values), ...proto(scheme)];
        const host = proxies.read(peerAt("10.0.0.1"), headers).client?.host ?? "";
        expect(isIP(host)).not.toBe(0);
        expect(host === "10.0.0.1" || values.some((line) => line.includes(host))).toBe(true);
      }),
    );
  });
});

describe("a header that the proxies alone may set", () => {
  const proxies = new TrustedProxies(["10.0.0.1"], ["X-User-Id"]);

  /** A request as Node reads it, with the views of its headers that somebody has looked at. */
  function requestWith(...rawHeaders: string[]): IncomingMessage {
    const request = new IncomingMessage(new Socket());
    request.rawHeaders = rawHeaders;
    return request;
  }

  test.each<[string, Peer]>([
    ["an untrusted peer", peerAt("9.9.9.9")],
    ["a peer on a unix socket", unixPeer],
  ])("is taken out of the request of %s, in every view that Node has of it", (_, peer) => {
    const request = requestWith(
      "Host",
      "a",
      "X-USER-id",
      "7",
      "x-user",
      "8",
      "x-user-id",
      "9",
      "Via",
      "x-user-id",
    );
    proxies.strip(peer, request);
    expect(request.rawHeaders).toEqual(["Host", "a", "x-user", "8", "Via", "x-user-id"]);
    expect(request.headers).not.toHaveProperty("x-user-id");
    expect(request.headersDistinct).not.toHaveProperty("x-user-id");
  });

  test("stays in the request of a trusted proxy", () => {
    const request = requestWith("X-User-Id", "7");
    proxies.strip(peerAt("10.0.0.1"), request);
    new TrustedProxies(["unix"], ["x-user-id"]).strip(unixPeer, request);
    expect(request.rawHeaders).toEqual(["X-User-Id", "7"]);
  });

  test("is none by default: headers come as they were", () => {
    const request = requestWith("X-User-Id", "7");
    new TrustedProxies([]).strip(peerAt("9.9.9.9"), request);
    expect(request.rawHeaders).toEqual(["X-User-Id", "7"]);
  });

  test.each(["", "x user", "x-user:"])("has a name that a header can have, unlike %j", (name) => {
    expect(() => new TrustedProxies([], [name])).toThrow(
      new TypeError(
        `options.proxyHeaders: expected names of headers, got "${name}". Likely mistake: a colon.`,
      ),
    );
  });
});
