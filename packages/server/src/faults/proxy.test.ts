import { once } from "node:events";
import { request } from "node:http";
import type { HttpScope, WebSocketScope } from "@ws/events";
import { expect, test } from "vitest";
import { fromNode } from "../from-node.js";
import type { ServeOptions } from "../options.js";
import { exchange, handshake, portOf } from "../raw.fixture.js";
import { serve } from "../serve.js";

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
  const expected = schemes.map((scheme) => (scheme === "https" || scheme === "wss" ? "wss" : "ws"));
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
