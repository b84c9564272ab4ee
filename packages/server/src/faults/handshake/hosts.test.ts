import { expect, test } from "vitest";
import { fromFetch } from "../../http/adapters/from-fetch.js";
import { exchange, KeptLog, portOf } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { ask, changed, Noting, withLines } from "../handshake.fixture.js";

const toHost = (host: string): string => changed("Host: localhost", `Host: ${host}`);

test("fault 180: a Host with an empty port is valid, and has the port of its scheme", async () => {
  const noting = new Noting();
  await using server = await noting.start({ allowedHosts: ["example.com", "[::1]"] });
  for (const host of ["example.com:", "[::1]:", "example.com:0000080"]) {
    expect((await ask(server, toHost(host))).status, host).toBe(101);
  }
  const withOrigin = toHost("example.com:\r\nOrigin: http://example.com");
  expect((await ask(server, withOrigin)).status).toBe(101);
  expect(noting.scopes).toHaveLength(4);
  for (const host of [":", ":80", "example.com::", "example.com:x", "example.com:65536"]) {
    expect((await ask(server, toHost(host))).status, host).toBe(400);
  }
});

test("fault 180: a fetch handler is given a URL where the Host has an empty port", async () => {
  const application = fromFetch(({ url }) => new Response(url));
  await using server = await serve(application, { port: 0 });
  const request = "GET /a HTTP/1.1\r\nHost: example.com:\r\nConnection: close\r\n\r\n";
  expect(await exchange(portOf(server), request)).toContain("http://example.com/a\r\n");
});

test("fault 181: with allowedHosts, a page of a rebound name gets neither a socket nor a response", async () => {
  const noting = new Noting();
  const logger = new KeptLog();
  await using server = await noting.start({ allowedHosts: ["localhost", "127.0.0.1", ".good.com"], logger });
  const port = portOf(server);
  const rebound = toHost(`evil.com:${port}\r\nOrigin: http://evil.com:${port}`);
  expect((await ask(server, rebound)).status).toBe(421);
  const request = (host: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  expect(await exchange(port, request("evil.com"))).toMatch(/^HTTP\/1\.1 421 [\s\S]*\r\n\r\n$/);
  expect(await exchange(port, "GET / HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 421 /);
  expect(noting.scopes).toEqual([]);
  for (const host of [`localhost:${port}`, "127.0.0.1", "a.good.com"]) {
    expect((await ask(server, toHost(host))).status, host).toBe(101);
  }
  expect(await exchange(port, request("good.com"))).toMatch(/^HTTP\/1\.1 500 /);
  const refused = { status: 421, reason: "host not allowed" };
  expect(logger.lines).toContainEqual({
    level: "debug",
    message: "handshake refused",
    fields: { ...refused, host: `evil.com:${port}`, origin: `http://evil.com:${port}` },
  });
  expect(logger.lines).toContainEqual({
    level: "debug",
    message: "request refused",
    fields: { ...refused, host: "evil.com" },
  });
});

test("fault 181: allowedHosts is about the host that a trusted proxy tells, where it tells one", async () => {
  const noting = new Noting();
  await using server = await noting.start({ allowedHosts: ["good.com"], trustedProxies: ["127.0.0.1"] });
  expect((await ask(server, withLines("X-Forwarded-Host: good.com"))).status).toBe(101);
  expect((await ask(server, toHost("good.com\r\nX-Forwarded-Host: evil.com"))).status).toBe(421);
});

test("fault 181: a list of hosts that is none is refused at the start", async () => {
  const noting = new Noting();
  for (const allowedHosts of ["good.com", ["https://good.com"], [/good/], null]) {
    await expect(noting.start({ allowedHosts: allowedHosts as string[] })).rejects.toThrow(
      /^allowedHosts: expected /,
    );
  }
});
