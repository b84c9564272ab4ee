import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpScope, WebSocketScope } from "@ws/events";
import { expect, test } from "vitest";
import { fromNode } from "../../http/adapters/from-node.js";
import type { ServeOptions } from "../../options/options.js";
import { exchange, handshake, portOf, readUntil, webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";

/** The scopes that handshakes with these header lines get, from a peer at 127.0.0.1. */
async function scopesOf(
  options: ServeOptions,
  ...handshakes: readonly (readonly string[])[]
): Promise<WebSocketScope[]> {
  const scopes: WebSocketScope[] = [];
  await using server = await serve(
    async (scope, receive, send) => {
      if (scope.type !== "websocket") throw new TypeError("no lifespan");
      scopes.push(scope);
      await receive();
      await send({ type: "websocket.close" });
    },
    { ...options, port: 0 },
  );
  for (const lines of handshakes) {
    expect(await exchange(portOf(server), handshake("/", lines))).toMatch(/^HTTP\/1\.1 403 /);
  }
  return scopes;
}

const behind = { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] };

test.each<[string, string, number]>([
  ["1.2.3.4:4711", "1.2.3.4", 4711],
  ["[2001:db8::1]:4711", "2001:db8::1", 4711],
  ["[2001:db8::1]", "2001:db8::1", 0],
  ["2001:db8::1", "2001:db8::1", 0],
  ['"[2001:db8::1]:4711"', "2001:db8::1", 4711],
  ['"1.2.3.4"', "1.2.3.4", 0],
  ["6.6.6.6:1, 1.2.3.4:4711 ,\t10.0.0.2:80, 10.0.0.3", "1.2.3.4", 4711],
  ["[2001:db8::66]:1, [2001:db8::1]:4711, 10.0.0.2:80", "2001:db8::1", 4711],
])(
  "fault 176: X-Forwarded-For is read with ports, brackets and quotes, anywhere: %s",
  async (value, host, port) => {
    const [scope] = await scopesOf(behind, [`X-Forwarded-For: ${value}`]);
    expect(scope?.client).toEqual({ host, port });
  },
);

test("fault 176: X-Forwarded-Host of a trusted proxy is the host of the request, as Host itself", async () => {
  const forwarded = "X-Forwarded-Host: Example.com:8443";
  const own = "Origin: http://example.com:8443";
  const [scope] = await scopesOf(behind, [forwarded, own]);
  expect(scope?.headers.filter(([name]) => name === "host")).toEqual([["host", "Example.com:8443"]]);
  const [unread] = await scopesOf(behind, ["X-Forwarded-Host: a b"]);
  expect(unread?.headers).toContainEqual(["host", "localhost"]);
  const [untrusted] = await scopesOf({}, [forwarded]);
  expect(untrusted?.headers).toContainEqual(["host", "localhost"]);
});

test.each<[readonly string[], string, string, string]>([
  [['for="[2001:db8::1]:4711";proto=https;host=example.com'], "2001:db8::1", "wss", "example.com"],
  [
    ["for=6.6.6.6;host=evil.com, for=1.2.3.4;Proto=HTTPS", "for=10.0.0.2;proto=http"],
    "1.2.3.4",
    "wss",
    "localhost",
  ],
  [['For="1.2.3.4:80"'], "1.2.3.4", "ws", "localhost"],
  [["for=1.2.3.4, for=unknown;proto=https"], "127.0.0.1", "wss", "localhost"],
  [["for=1.2.3.4, for=_hidden, for=10.0.0.2"], "10.0.0.2", "ws", "localhost"],
  [['for="6.6.6.6, for=1.2.3.4'], "1.2.3.4", "ws", "localhost"],
  [['garbage;;=,"'], "127.0.0.1", "ws", "localhost"],
])("fault 176: Forwarded of RFC 7239 is read, garbage included: %j", async (values, client, scheme, host) => {
  const [scope] = await scopesOf(
    behind,
    values.map((value) => `Forwarded: ${value}`),
  );
  expect(scope?.client?.host).toBe(client);
  expect(scope?.scheme).toBe(scheme);
  expect(scope?.headers).toContainEqual(["host", host]);
});

test("fault 176: X-Forwarded-… goes before Forwarded, which a client may have written", async () => {
  const forwarded = "Forwarded: for=6.6.6.6;proto=https;host=evil.com";
  const [scope, only] = await scopesOf(
    behind,
    ["X-Forwarded-For: 1.2.3.4", forwarded],
    ["X-Forwarded-Proto: http", forwarded],
  );
  expect([scope?.client?.host, scope?.scheme]).toEqual(["1.2.3.4", "ws"]);
  expect([only?.client?.host, only?.scheme]).toEqual(["127.0.0.1", "ws"]);
});

/** The scopes of handshakes over a unix socket, one for each list of header lines. */
async function scopesOverUnix(
  options: ServeOptions,
  ...handshakes: readonly (readonly string[])[]
): Promise<WebSocketScope[]> {
  const scopes: WebSocketScope[] = [];
  const folder = await mkdtemp(join(tmpdir(), "ws-proxy-"));
  const path = join(folder, "ws.sock");
  const application = webSocket(async (scope) => void scopes.push(scope));
  const server = await serve(application, { ...options, path });
  for (const lines of handshakes) {
    const socket = connect(path);
    socket.write(handshake("/", lines));
    expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 403 /);
    socket.destroy();
  }
  await server.close();
  await rm(folder, { recursive: true });
  return scopes;
}

test("fault 177: a proxy on a unix socket is believed where `unix` is trusted, and nowhere else", async () => {
  const lines = ["X-Forwarded-For: 6.6.6.6, 1.2.3.4:80", "X-Forwarded-Proto: https", "X-User-Id: 7"];
  const options = { proxyHeaders: ["x-user-id"] };
  const [trusted, silent] = await scopesOverUnix({ ...options, trustedProxies: ["unix"] }, lines, []);
  expect(trusted).toMatchObject({ client: { host: "1.2.3.4", port: 80 }, scheme: "wss" });
  expect(trusted && userOf(trusted)).toEqual(["x-user-id=7"]);
  expect(silent?.client).toBeNull();
  const [untrusted] = await scopesOverUnix({ ...options, trustedProxies: ["0.0.0.0/0", "::/0"] }, lines);
  expect(untrusted).toMatchObject({ client: null, scheme: "ws" });
  expect(untrusted && userOf(untrusted)).toEqual([]);
  const [overTcp] = await scopesOf({ ...options, trustedProxies: ["unix"] }, lines);
  expect(overTcp).toMatchObject({ client: { host: "127.0.0.1" }, scheme: "ws" });
  expect(overTcp && userOf(overTcp)).toEqual([]);
});

const hosts = (scopes: readonly WebSocketScope[]) => scopes.map(({ client }) => client?.host);

test("fault 166: X-Forwarded-For of an untrusted peer is ignored, by default and beside a list", async () => {
  const spoofed = [["X-Forwarded-For: 6.6.6.6"], ["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 7.7.7.7"]];
  for (const trustedProxies of [[], ["10.0.0.0/8", "::1"]]) {
    const scopes = await scopesOf({ trustedProxies }, ...spoofed);
    expect(hosts(scopes)).toEqual(["127.0.0.1", "127.0.0.1"]);
    for (const { client } of scopes) expect(client?.port).toBeGreaterThan(0);
  }
});

test("fault 166: X-Forwarded-For of a trusted proxy is read from the right, never the first entry", async () => {
  const read = await scopesOf(
    { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] },
    ["X-Forwarded-For: 6.6.6.6, 1.2.3.4"],
    ["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 1.2.3.4, 10.0.0.2"],
    ["X-Forwarded-For: 6.6.6.6, not an address"],
  );
  expect(hosts(read)).toEqual(["1.2.3.4", "1.2.3.4", "127.0.0.1"]);
});

test("fault 167: X-Forwarded-Proto makes the scheme ws or wss and nothing else", async () => {
  const schemes = [
    "javascript",
    "https",
    "wss",
    "http",
    "ws",
    "HTTPS",
    "__proto__",
    "https:",
    "",
    "file, data",
  ];
  const scopes = await scopesOf(
    { trustedProxies: ["127.0.0.1"] },
    ...schemes.map((scheme) => [`X-Forwarded-Proto: ${scheme}`]),
  );
  const expected = schemes.map((scheme) => (/^(https|wss)$/i.test(scheme) ? "wss" : "ws"));
  expect(scopes.map(({ scheme }) => scheme)).toEqual(expected);
});

const userOf = ({ headers }: WebSocketScope | HttpScope) =>
  headers.filter(([name]) => /x-(user-id|groups)/.test(name)).map(([name, value]) => `${name}=${value}`);
const spoofed = ["X-User-Id: 1", "x-user-ID: 2", "X-Groups: admin"];

test("fault 168: X-User-Id of anybody but a trusted proxy is taken out, when it is named in proxyHeaders", async () => {
  const proxyHeaders = ["x-user-id", "X-Groups"];
  const [fromClient] = await scopesOf({ proxyHeaders }, [...spoofed, "X-Other: 3"]);
  expect(fromClient && userOf(fromClient)).toEqual([]);
  expect(fromClient?.headers).toContainEqual(["x-other", "3"]);
  const [fromProxy] = await scopesOf({ proxyHeaders, trustedProxies: ["127.0.0.1"] }, spoofed);
  expect(fromProxy && userOf(fromProxy)).toEqual(["x-user-id=1", "x-user-id=2", "x-groups=admin"]);
});

test("fault 168: without proxyHeaders a header is what the client wrote, and proves nothing", async () => {
  const [scope] = await scopesOf({}, spoofed);
  expect(scope && userOf(scope)).toEqual(["x-user-id=1", "x-user-id=2", "x-groups=admin"]);
});

test("fault 168: X-User-Id is taken out of HTTP requests too, in every view that Node has of them", async () => {
  const seen: unknown[] = [];
  const application = fromNode((incoming, response) => {
    const { headers, headersDistinct, rawHeaders } = incoming;
    seen.push(headers["x-user-id"], headersDistinct["x-user-id"], rawHeaders.join().includes("User-Id"));
    response.end();
  });
  await using server = await serve(application, { port: 0, proxyHeaders: ["x-user-id"] });
  const [response] = await once(request(server.url, { headers: { "X-User-Id": "1" } }).end(), "response");
  expect(response.statusCode).toBe(200);
  response.resume();
  expect(seen).toEqual([undefined, undefined, false]);
});
