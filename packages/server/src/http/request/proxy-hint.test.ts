import type { Address, HeaderList } from "@ws/events";
import { describe, expect, test } from "vitest";
import { peerAt, unixPeer } from "../../gateway/origin.fixture.js";
import type { Peer } from "../../proxies/peer.js";
import { hostHint, originHint } from "./proxy-hint.js";

const server: Address = { host: "127.0.0.1", port: 8000 };
const peer = peerAt("127.0.0.1");

interface Given {
  readonly host?: string;
  readonly origin?: string;
  readonly lines?: HeaderList;
  readonly server?: Address | null;
  readonly peer?: Peer;
}

function hint({ host, origin = "https://example.com", lines = [], ...rest }: Given): string | undefined {
  const headers: HeaderList = [
    ["origin", origin],
    ...(host === undefined ? [] : [["host", host] as const]),
    ...lines,
  ];
  return originHint({ headers, server, peer, ...rest });
}

describe("a Host that a proxy made up", () => {
  test.each<[string, Address | null]>([
    ["127.0.0.1:8000", server],
    ["localhost:8000", server],
    ["backend", server],
    ["127.0.0.1:8000", { host: "::ffff:127.0.0.1", port: 8000 }],
    ["[::1]:8000", { host: "::1", port: 8000 }],
    ["127.0.0.1", { host: "127.0.0.1", port: 80 }],
    ["localhost", null],
  ])("is known: %s", (host, own) => {
    expect(hint({ host, server: own })).toMatch(/^Host names this server itself/);
    expect(hostHint({ headers: [["host", host]], server: own, peer }, () => false)).toMatch(/^Host names/);
  });

  test.each<[string | undefined, Address | null]>([
    ["127.0.0.1:8001", server],
    ["localhost", server],
    ["good.com", server],
    ["[::2]:8000", server],
    ["good.com", null],
    ["a b", server],
    [undefined, server],
  ])("is not any other: %s", (host, own) => {
    expect(hint({ host, server: own } as Given)).toBeUndefined();
    const headers: HeaderList = host === undefined ? [] : [["host", host]];
    expect(hostHint({ headers, server: own, peer }, () => false)).toBeUndefined();
  });
});

describe("a header that tells the host", () => {
  const lines: HeaderList = [["x-forwarded-host", "example.com"]];

  test("is named with the entry that would let it be believed", () => {
    expect(hint({ host: "good.com", lines })).toContain('list it in trustedProxies ("127.0.0.1")');
    expect(hint({ host: "good.com", lines, peer: unixPeer })).toContain('trustedProxies ("unix")');
  });

  test("does not matter where it is another's, none at all, or believed", () => {
    for (const value of ["evil.com", "example.com:8443", "a b"]) {
      expect(hint({ host: "good.com", lines: [["x-forwarded-host", value]] })).toBeUndefined();
    }
    expect(hint({ host: "good.com", lines, peer: { ...peer, host: "good.com" } })).toBeUndefined();
  });
});

test("an origin that is none, or none that has a host, has no hint", () => {
  for (const origin of ["null", "file://", "x"]) expect(hint({ host: "good.com", origin })).toBeUndefined();
  expect(originHint({ headers: [], server, peer })).toBeUndefined();
});
