import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeptLog, portOf, readUntil } from "../../raw.fixture.js";
import { ask, changed, Noting, withLines } from "../handshake.fixture.js";

const channel = "ws.server.handshake.rejected";
let published: unknown[];
const keep = (message: unknown): void => void published.push(message);

beforeEach(() => {
  published = [];
  subscribe(channel, keep);
});

afterEach(() => {
  unsubscribe(channel, keep);
});

const toHost = (host: string, ...lines: readonly string[]): string =>
  changed("Host: localhost", [`Host: ${host}`, ...lines].join("\r\n"));

/** What is logged and published of one handshake that is refused; the first fields of both are the same. */
async function refusal(
  request: string | ((port: number) => string),
  options: Parameters<Noting["start"]>[0] = {},
): Promise<{ level: string | undefined; hint?: string; origin?: string; host?: string }> {
  const logger = new KeptLog();
  await using server = await new Noting().start({ ...options, logger });
  const { status } = await ask(server, typeof request === "string" ? request : request(portOf(server)));
  const line = logger.lines.find(({ message }) => message === "handshake refused");
  expect(published.at(-1)).toEqual(line?.fields);
  expect(line?.fields).toMatchObject({ status });
  return { level: line?.level, ...(line?.fields as object) };
}

test("fault 178: the log and the channel say which origin was refused, and at which host", async () => {
  const read = await refusal(toHost("good.com", "Origin: https://evil.com"));
  expect(read).toEqual({
    level: "debug",
    status: 403,
    reason: "origin not allowed",
    origin: "https://evil.com",
    host: "good.com",
  });
});

test("fault 178: where a proxy puts our own address into Host, as nginx does, it says how to pass it on", async () => {
  const read = await refusal((port) => toHost(`127.0.0.1:${port}`, "Origin: https://example.com"));
  expect(read).toMatchObject({ level: "warn", origin: "https://example.com" });
  expect(read.hint).toMatch(/proxy_set_header Host \$http_host.*X-Forwarded-Host.*trustedProxies/);
  for (const host of ["backend", "app_upstream"]) {
    expect((await refusal(toHost(host, "Origin: https://example.com"))).hint).toBe(read.hint);
  }
});

test("fault 178: where an untrusted proxy tells the host, it says that it can be trusted", async () => {
  for (const line of ["X-Forwarded-Host: example.com", "Forwarded: for=1.2.3.4;host=example.com"]) {
    const { hint } = await refusal(toHost("10.0.0.7", "Origin: http://example.com", line));
    expect(hint).toMatch(/not believed: list it in trustedProxies \("127\.0\.0\.1"\)/);
  }
  const evil = await refusal(toHost("10.0.0.7", "Origin: http://evil.com", "X-Forwarded-Host: example.com"));
  expect(evil.hint).toBeUndefined();
});

test("fault 178: where the port alone differs, it says that a proxy may have dropped it", async () => {
  const { hint } = await refusal(toHost("example.com", "Origin: https://example.com:8443"));
  expect(hint).toMatch(/^only the port differs: .*\$http_host/);
});

test("fault 178: where a trusted proxy says http of a page with TLS, it says who should tell the scheme", async () => {
  const request = toHost("example.com", "Origin: https://example.com", "X-Forwarded-Proto: http");
  const { hint } = await refusal(request, { trustedProxies: ["127.0.0.1"] });
  expect(hint).toMatch(/outermost proxy set X-Forwarded-Proto/);
});

test("fault 178: there is no hint for a page of another host, nor where same-host is not allowed", async () => {
  expect((await refusal(toHost("good.com", "Origin: https://evil.com"))).hint).toBeUndefined();
  expect((await refusal(toHost("good.com", "Origin: null"))).hint).toBeUndefined();
  const allowedOrigins = ["https://other.com"];
  const own = (port: number): string => toHost(`127.0.0.1:${port}`, "Origin: https://example.com");
  expect((await refusal(own, { allowedOrigins })).hint).toBeUndefined();
  const insecure = toHost("good.com", "Origin: http://good.com", "X-Forwarded-Proto: https");
  expect((await refusal(insecure, { trustedProxies: ["127.0.0.1"] })).hint).toBeUndefined();
});

test("fault 178: a refused Host is said too, with how to mend it", async () => {
  const allowedHosts = ["example.com"];
  const own = await refusal((port) => toHost(`127.0.0.1:${port}`), { allowedHosts });
  expect(own).toMatchObject({
    level: "warn",
    reason: "host not allowed",
    host: expect.stringMatching(/^127/),
  });
  expect(own.hint).toMatch(/pass Host on/);
  const told = await refusal(toHost("10.0.0.7", "X-Forwarded-Host: example.com"), { allowedHosts });
  expect(told.hint).toMatch(/trustedProxies/);
  expect((await refusal(toHost("evil.com"), { allowedHosts })).hint).toBeUndefined();
  expect(await refusal(toHost("a b"))).toMatchObject({ status: 400, reason: "bad Host", host: "a b" });
});

test("fault 178: each hint is a warning once, then a line at debug level: a client can't fill the log with it", async () => {
  const logger = new KeptLog();
  await using server = await new Noting().start({ logger });
  const request = toHost("backend", "Origin: https://example.com");
  for (let index = 0; index < 3; index += 1) await ask(server, request);
  const levels = logger.lines
    .filter(({ message }) => message === "handshake refused")
    .map(({ level }) => level);
  expect(levels).toEqual(["warn", "debug", "debug"]);
  await ask(server, toHost("example.com", "Origin: https://example.com:8443"));
  expect(logger.lines.at(-1)).toMatchObject({
    level: "warn",
    fields: { hint: expect.stringMatching(/port/) },
  });
});

test("fault 178: of hints that name the peer, no more than 16 are warnings", async () => {
  const logger = new KeptLog();
  await using server = await new Noting().start({ logger });
  const request = toHost("10.0.0.7", "Origin: https://example.com", "X-Forwarded-Host: example.com");
  for (let index = 2; index < 22; index += 1) {
    const socket = connect({ port: portOf(server), host: "127.0.0.1", localAddress: `127.0.0.${index}` });
    socket.write(request);
    expect(await readUntil(socket, "\r\n\r\n")).toMatch(/ 403 /);
    socket.destroy();
  }
  expect(logger.of("warn")).toHaveLength(16);
  expect(logger.of("debug").filter((message) => message === "handshake refused")).toHaveLength(4);
});

test("fault 178: what a peer wrote is one short printable line, without a query or a password", async () => {
  const long = await refusal(withLines(`Origin: https://${"a".repeat(4_000)}`));
  expect(long.origin).toHaveLength(128);
  const query = await refusal(withLines("Origin: https://a.com/?key=1"));
  expect(query.origin).toBe("(something that is none)");
  const odd = await refusal(withLines("Origin: https://a.com\xad"));
  expect(odd.origin).toBe("https://a.com\\u{ad}");
});
