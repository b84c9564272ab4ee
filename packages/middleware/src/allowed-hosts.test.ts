import type { Application, HeaderList } from "@ws/events";
import { loopback, start } from "@ws/testing";
import { Driver } from "@ws/testing/driver";
import { describe, expect, test } from "vitest";
import { allowedHosts } from "./allowed-hosts.js";
import { echo, httpRequest } from "./echo.fixture.js";
import { connect, disconnect, httpScope, lifespanScope, webSocketScope } from "./events.fixture.js";
import { refused } from "./refused.fixture.js";

async function runs(
  allowed: readonly string[],
  headers: HeaderList,
  scheme: "ws" | "wss" = "ws",
): Promise<boolean> {
  let hasRun = false;
  const application: Application = async () => {
    hasRun = true;
  };
  const server = new Driver(connect, disconnect);
  await allowedHosts(allowed)(application)(webSocketScope({ headers, scheme }), server.receive, server.send);
  if (!hasRun) expect(server.sent[0]).toMatchObject({ status: 421 });
  return hasRun;
}

const passes = (allowed: readonly string[], host: string, scheme?: "ws" | "wss"): Promise<boolean> =>
  runs(allowed, [["host", host]], scheme);

describe("an entry", () => {
  test.each(["example.com", "EXAMPLE.com", "example.com:8080"])("without a dot allows %s", async (host) => {
    expect(await passes(["other.com", "Example.com"], host)).toBe(true);
  });

  test.each([
    "www.example.com",
    "example.com.",
    "evilexample.com",
    "example.com.evil.com",
    "evil.com",
    "",
    "a b",
  ])("without a dot does not allow %j", async (host) => {
    expect(await passes(["example.com"], host)).toBe(false);
  });

  test.each(["example.com", "www.example.com", "a.b.example.com:1"])(
    "with a dot in front allows %s",
    async (host) => {
      expect(await passes([".example.com"], host)).toBe(true);
    },
  );

  test.each(["evilexample.com", "example.com.evil.com", "com"])(
    "with a dot in front does not allow %s",
    async (host) => {
      expect(await passes([".example.com"], host)).toBe(false);
    },
  );

  test("with a port allows that port alone; none is the scheme's", async () => {
    expect(await passes(["example.com:8080"], "example.com:8080")).toBe(true);
    expect(await passes(["example.com:8080"], "example.com:8081")).toBe(false);
    expect(await passes(["example.com:8080"], "example.com")).toBe(false);
    expect(await passes(["example.com:443"], "example.com", "wss")).toBe(true);
    expect(await passes(["example.com:443"], "example.com", "ws")).toBe(false);
  });

  test("may be an address", async () => {
    expect(await passes(["[::1]", "127.0.0.1"], "[::1]:80")).toBe(true);
    expect(await passes(["[::1]", "127.0.0.1"], "127.0.0.1")).toBe(true);
  });

  test.each([
    "",
    ".",
    "..example.com",
    ".[::1]",
    "*.example.com",
    "https://example.com",
    "example.com/",
    "a:99999",
  ])("that is no host is a mistake, told at once: %j", (entry) => {
    expect(() => allowedHosts(["example.com", entry])).toThrow(TypeError);
    expect(() => allowedHosts([entry])).toThrow(/^allowedHosts: expected a host, got .*"host:port"/);
  });

  test("that is no host is quoted, but not at length", () => {
    expect(() => allowedHosts([`${"a".repeat(64)}/${"b".repeat(9)}`])).toThrow(`"${"a".repeat(64)}".`);
  });
});

describe("a request", () => {
  test("without a Host, or with two, is for no host", async () => {
    expect(await runs(["example.com"], [])).toBe(false);
    expect(
      await runs(
        ["example.com"],
        [
          ["host", "example.com"],
          ["host", "example.com"],
        ],
      ),
    ).toBe(false);
  });

  test("for another host is refused with 421 over a WebSocket", async () => {
    expect((await refused(allowedHosts(["example.com"])(echo))).status).toBe(421);
  });

  test("for another host is refused with 421 over HTTP, and answered for a listed one", async () => {
    await using bad = await start(allowedHosts(["example.com"])(echo), { transport: loopback });
    expect(await bad.request(httpRequest)).toMatch(/^HTTP\/1\.1 421 /);
    await using good = await start(allowedHosts(["localhost"])(echo), { transport: loopback });
    expect(await good.request(httpRequest)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("over HTTP has the port of its scheme", async () => {
    const server = new Driver();
    const headers: HeaderList = [["host", "example.com"]];
    const application = allowedHosts(["example.com:443"])(echo);
    await application(httpScope({ scheme: "https", headers }), server.receive, server.send);
    expect(server.sent[0]).toMatchObject({ status: 200 });
  });

  test("of another kind, such as the lifespan, passes", async () => {
    const { receive, send } = new Driver();
    await expect(allowedHosts([])(echo)(lifespanScope, receive, send)).rejects.toThrow("no lifespan");
  });
});
