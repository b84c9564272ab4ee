import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WebSocketScope } from "@ws/events";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isInstalled } from "../../installed.fixture.js";
import type { ServeOptions } from "../../options/options.js";
import { KeptLog, portOf, readUntil, webSocket } from "../../raw.fixture.js";
import { type Server, serve } from "../../serve.js";
import { short } from "../handshake.fixture.js";
import { Nginx } from "./nginx.fixture.js";

const upgrade = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;";

/** What the README says. */
const documented = `${upgrade}
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Host $http_host;`;

describe.runIf(isInstalled("nginx", "nginx-light"))("behind a real nginx", () => {
  const scopes: WebSocketScope[] = [];
  const logger = new KeptLog();
  const application = webSocket(async (scope, _receive, send) => {
    scopes.push(scope);
    await send({ type: "websocket.accept" });
    await send({ type: "websocket.send", text: "hello" });
  });
  const options: ServeOptions = { ...short, trustedProxies: ["127.0.0.1", "unix"], logger };
  let folder: string;
  let servers: readonly Server[];
  let nginx: Nginx;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ws-behind-"));
    const path = join(folder, "ws.sock");
    const tcp = await serve(application, options);
    const untrusting = await serve(application, { ...options, trustedProxies: [] });
    servers = [tcp, untrusting, await serve(application, { ...options, path })];
    const [to, toUntrusting] = [tcp, untrusting].map(
      (server) => `proxy_pass http://127.0.0.1:${portOf(server)}`,
    );
    nginx = await Nginx.start(`
      location / { ${to}; ${documented} }
      location /ports { ${to}; ${documented} proxy_set_header X-Forwarded-For "$remote_addr:$remote_port"; }
      location /unix { proxy_pass http://unix:${path}:; ${documented} }
      location /rfc7239 {
        ${to}; ${upgrade}
        proxy_set_header Forwarded 'for="$remote_addr:$remote_port";proto=HTTPS;host="$http_host"';
      }
      location /host { ${to}; ${upgrade} proxy_set_header X-Forwarded-Host $http_host; }
      location /usual { ${to}; ${upgrade} }
      location /untrusted { ${toUntrusting}; ${upgrade} proxy_set_header X-Forwarded-Host $http_host; }
    `);
  });

  beforeEach(() => {
    scopes.length = 0;
    logger.lines.length = 0;
  });

  afterAll(async () => {
    await nginx[Symbol.asyncDispose]();
    for (const server of servers) await server.close();
    await rm(folder, { recursive: true });
  });

  /** A socket to nginx from another address of this machine, which nginx takes for its client. */
  async function from(localAddress: string): Promise<Socket> {
    const socket = connect({ host: "127.0.0.1", port: nginx.port, localAddress });
    await once(socket, "connect");
    return socket;
  }

  /** Asks as a page of example.com:8443 does; gives what came, to a first message or the end of a refusal. */
  async function ask(
    path: string,
    lines: readonly string[] = [],
    localAddress = "127.0.0.2",
  ): Promise<string> {
    const socket = await from(localAddress);
    socket.write(
      [
        `GET ${path} HTTP/1.1`,
        "Host: example.com:8443",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ...lines,
        "",
        "",
      ].join("\r\n"),
    );
    const answer = await readUntil(socket, "\r\n\r\n");
    const whole =
      answer.includes(" 101 ") && !answer.includes("hello")
        ? answer + (await readUntil(socket, "hello"))
        : answer;
    socket.destroy();
    return whole;
  }

  const page = "Origin: http://example.com:8443";

  test("fault 176: with the documented configuration the client, its host and its page are known", async () => {
    const forged = "X-Forwarded-For: 6.6.6.6";
    expect(await ask("/", [page, forged])).toMatch(/^HTTP\/1\.1 101 [\s\S]*hello/);
    expect(await ask("/", [forged], "127.0.0.3")).toMatch(/ 101 /);
    expect(scopes.map(({ client }) => client)).toEqual([
      { host: "127.0.0.2", port: 0 },
      { host: "127.0.0.3", port: 0 },
    ]);
    expect(scopes[0]?.headers).toContainEqual(["host", "example.com:8443"]);
    expect(await ask("/", ["Origin: https://example.com:8443"])).toMatch(/ 403 /);
    expect(await ask("/", ["Origin: http://evil.com"])).toMatch(/ 403 /);
  });

  test("fault 176: a port beside the address is read", async () => {
    expect(await ask("/ports", [page])).toMatch(/ 101 /);
    expect(scopes[0]?.client).toEqual({ host: "127.0.0.2", port: expect.any(Number) });
    expect(scopes[0]?.client?.port).toBeGreaterThan(0);
  });

  test("fault 176: X-Forwarded-Host stands in for a Host that was replaced", async () => {
    expect(await ask("/host", [page])).toMatch(/ 101 /);
    expect(scopes[0]?.headers).toContainEqual(["host", "example.com:8443"]);
  });

  test("fault 176: Forwarded is read where nginx sends that", async () => {
    expect(await ask("/rfc7239", ["Origin: https://example.com:8443"])).toMatch(/ 101 /);
    expect(scopes[0]).toMatchObject({ scheme: "wss", client: { host: "127.0.0.2" } });
  });

  test("fault 177: over a unix socket it is believed as over TCP", async () => {
    expect(await ask("/unix", [page])).toMatch(/ 101 [\s\S]*hello/);
    expect(scopes[0]).toMatchObject({ client: { host: "127.0.0.2", port: 0 }, scheme: "ws", server: null });
  });

  test("fault 178: with its usual snippet, which replaces Host, the log says how to mend that", async () => {
    expect(await ask("/usual", [page])).toMatch(/^HTTP\/1\.1 403 /);
    expect(logger.lines).toContainEqual({
      level: "warn",
      message: "handshake refused",
      fields: {
        status: 403,
        reason: "origin not allowed",
        origin: "http://example.com:8443",
        host: expect.stringMatching(/^127\.0\.0\.1:/),
        hint: expect.stringMatching(/proxy_set_header Host \$http_host.*trustedProxies/),
      },
    });
  });

  test("fault 178: where it tells the host and is not trusted, the log says so", async () => {
    expect(await ask("/untrusted", [page])).toMatch(/ 403 /);
    const hint = expect.stringMatching(/list it in trustedProxies \("127\.0\.0\.1"\)/);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ hint }) }),
    );
  });
});
