import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect as connectSocket, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { certificate } from "../../certificate.fixture.js";
import { fromFetch } from "../../http/adapters/from-fetch.js";
import { isInstalled } from "../../installed.fixture.js";
import type { ServeOptions } from "../../options/options.js";
import { headerOfVersion2 } from "../../proxies/proxy-header.fixture.js";
import { dial, handshake, KeptLog, portOf, readUntil, untilClosed } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { Noting, short } from "../handshake.fixture.js";
import { masked } from "../peer.fixture.js";

const on: ServeOptions = { ...short, proxyProtocol: true, trustedProxies: ["127.0.0.1"] };
const version1 = "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n";
const version2 = headerOfVersion2(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 1, 0x12, 0x67, 0x01, 0xbb]);
const named = { host: "192.0.2.1", port: 4711 };

/** Writes pieces, each in a segment of its own as far as that can be had, and gives all that came until the close. */
async function exchangeInPieces(socket: Socket, pieces: readonly (string | Uint8Array)[]): Promise<string> {
  socket.on("error", () => {});
  socket.setNoDelay(true);
  for (const piece of pieces) {
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    await new Promise(setImmediate);
  }
  let answer = "";
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString("latin1");
  });
  if (!socket.closed) await untilClosed(socket);
  return answer;
}

test("fault 186: a header of version 1 or 2 names the client, at once or byte by byte", async () => {
  const noting = new Noting();
  await using server = await serve(noting.application, on);
  for (const header of [Buffer.from(version1), version2]) {
    const whole = Buffer.concat([header, Buffer.from(handshake())]);
    for (const pieces of [[whole], [header, handshake()], Array.from(whole, (byte) => Uint8Array.of(byte))]) {
      expect(await exchangeInPieces(await dial(portOf(server)), pieces)).toMatch(/^HTTP\/1\.1 101 /);
    }
  }
  expect(noting.scopes.map(({ client }) => client)).toEqual(new Array(6).fill(named));
});

test("fault 186: it stands before the ClientHello under TLS", async () => {
  const noting = new Noting();
  const { cert: ca } = certificate;
  await using server = await serve(noting.application, { ...on, tls: certificate });
  for (const header of [version1, version2]) {
    const socket = await dial(portOf(server));
    socket.write(header);
    const secure = connectTls({ socket, ca, servername: "localhost" });
    expect(await exchangeInPieces(secure, [handshake()])).toMatch(/^HTTP\/1\.1 101 /);
  }
  expect(noting.scopes.map(({ client, scheme }) => [client, scheme])).toEqual([
    [named, "wss"],
    [named, "wss"],
  ]);
});

test("fault 186: many at a time keep their own clients, and messages go both ways", async () => {
  const application = fromFetch((_request) => new Response("page"));
  await using server = await serve(async (scope, receive, send) => {
    if (scope.type !== "websocket") return await application(scope, receive, send);
    await receive();
    await send({ type: "websocket.accept" });
    const event = await receive();
    if (event.type === "websocket.receive") {
      await send({ type: "websocket.send", text: `${event.text} ${scope.client?.host}` });
    }
  }, on);
  const answers = Array.from({ length: 20 }, async (_, index) => {
    const socket = await dial(portOf(server));
    socket.write(`PROXY TCP4 192.0.2.${index} 198.51.100.1 ${index} 443\r\n${handshake()}`);
    socket.write(masked(0x81, "hello"));
    return await readUntil(socket, `hello 192.0.2.${index}`);
  });
  await expect(Promise.all(answers)).resolves.toHaveLength(20);
  const socket = await dial(portOf(server));
  const page = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  socket.write(`${version1}${page}`);
  await readUntil(socket, "page");
  socket.write(page);
  await readUntil(socket, "page");
  socket.destroy();
});

test("fault 186: LOCAL and UNKNOWN leave the proxy's own address, and nothing is believed of what follows", async () => {
  const noting = new Noting();
  await using server = await serve(noting.application, { ...on, proxyHeaders: ["x-user-id"] });
  const request = handshake("/", ["X-Forwarded-For: 6.6.6.6", "X-User-Id: 1"]);
  for (const header of ["PROXY UNKNOWN\r\n", headerOfVersion2(0x20, 0, []), headerOfVersion2(0x21, 0, [])]) {
    expect(await exchangeInPieces(await dial(portOf(server)), [header, request])).toMatch(/ 101 /);
  }
  for (const { client, headers } of noting.scopes) {
    expect(client?.host).toBe("127.0.0.1");
    expect(headers.some(([name]) => name === "x-user-id")).toBe(false);
  }
  expect(noting.scopes).toHaveLength(3);
});

test("fault 186: X-Forwarded-For counts where the header names a trusted proxy, and from no other client", async () => {
  const noting = new Noting();
  const trustedProxies = ["127.0.0.1", "10.0.0.0/8"];
  await using server = await serve(noting.application, { ...on, trustedProxies });
  const request = handshake("/", ["X-Forwarded-For: 1.2.3.4"]);
  for (const source of ["10.0.0.7", "192.0.2.1"]) {
    const header = `PROXY TCP4 ${source} 198.51.100.1 4711 443\r\n`;
    await exchangeInPieces(await dial(portOf(server)), [header + request]);
  }
  expect(noting.scopes.map(({ client }) => client?.host)).toEqual(["1.2.3.4", "192.0.2.1"]);
});

test.each<[string, string | Uint8Array]>([
  ["missing", handshake()],
  ["malformed", `PROXY TCP4 192.0.2.1 443\r\n${handshake()}`],
  ["without an end", `PROXY ${"x".repeat(200)}`],
  ["of an unknown version", headerOfVersion2(0x31, 0x11, [])],
  ["too long", headerOfVersion2(0x21, 0x11, new Array<number>(20_000).fill(0))],
])("fault 186: a header that is %s closes the connection, without an answer", async (_, bytes) => {
  const noting = new Noting();
  const logger = new KeptLog();
  await using server = await serve(noting.application, { ...on, logger });
  for (const level of ["warn", "debug"]) {
    expect(await exchangeInPieces(await dial(portOf(server)), [bytes])).toBe("");
    expect(logger.lines.at(-1)).toMatchObject({ level, fields: { reason: "a malformed header, or none" } });
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 186: a client that ends before its header is whole is closed", async () => {
  const noting = new Noting();
  await using server = await serve(noting.application, on);
  const socket = await dial(portOf(server));
  socket.end("PROXY TCP4 192.0.2.1");
  expect(await exchangeInPieces(socket, [])).toBe("");
});

test("fault 186: a peer that is not trusted is closed, with a header and without", async () => {
  const noting = new Noting();
  await using server = await serve(noting.application, { ...on, trustedProxies: ["10.0.0.0/8"] });
  for (const bytes of [version1 + handshake(), handshake()]) {
    expect(await exchangeInPieces(await dial(portOf(server)), [bytes])).toBe("");
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 186: a header that does not come is waited for as long as a head is, and no longer", async () => {
  const noting = new Noting();
  await using server = await serve(noting.application, { ...on, headersTimeout: 40 });
  for (const bytes of ["", "PROXY TCP4 1", version2.subarray(0, 20)]) {
    expect(await exchangeInPieces(await dial(portOf(server)), [bytes])).toBe("");
  }
  // Behind a good header, the time for the head holds as ever.
  expect(await exchangeInPieces(await dial(portOf(server)), [`${version1}GET /`])).toMatch(
    /^HTTP\/1\.1 408 /,
  );
});

test("fault 186: a close of the server does not wait for headers", async () => {
  const noting = new Noting();
  const server = await serve(noting.application, { ...on, headersTimeout: 60_000 });
  const socket = await dial(portOf(server));
  socket.write("PROXY ");
  await exchangeInPieces(await dial(portOf(server)), ["GET"]);
  const closed = untilClosed(socket);
  await server.close();
  await closed;
});

test("fault 186: a reset at any moment ends that connection alone", async () => {
  const noting = new Noting();
  for (const tls of [undefined, certificate]) {
    await using server = await serve(noting.application, { ...on, tls });
    for (const bytes of ["", "PROXY ", version1]) {
      const socket = await dial(portOf(server));
      socket.write(bytes);
      socket.resetAndDestroy();
      await untilClosed(socket);
    }
    expect(await exchangeInPieces(await dial(portOf(server)), ["x"])).toBe("");
  }
});

test("fault 186: a proxy on a unix socket may speak it", async () => {
  const noting = new Noting();
  const folder = await mkdtemp(join(tmpdir(), "ws-proxy-"));
  const path = join(folder, "ws.sock");
  const server = await serve(noting.application, { ...on, path, trustedProxies: ["unix"] });
  expect(await exchangeInPieces(connectSocket(path), [version2, handshake()])).toMatch(/ 101 /);
  expect(noting.scopes[0]?.client).toEqual(named);
  await server.close();
  await rm(folder, { recursive: true });
});

test.runIf(isInstalled("curl", "curl"))(
  "fault 186: curl, which speaks it, is known by the address that it tells",
  async () => {
    const application = fromFetch((_request, { client }) => new Response(`${client?.host} ${client?.port}`));
    await using server = await serve(application, { ...on, tls: certificate });
    const flags = [
      "--silent",
      "--insecure",
      "--noproxy",
      "*",
      "--haproxy-protocol",
      "--write-out",
      " %{local_port}",
    ];
    const { stdout } = await promisify(execFile)("curl", [...flags, server.url]);
    expect(stdout).toMatch(/^127\.0\.0\.1 (\d+) \1$/);
  },
);

test("fault 186: it is off by default, and wants trusted proxies", async () => {
  const noting = new Noting();
  await using server = await noting.start({ trustedProxies: ["127.0.0.1"] });
  expect(await exchangeInPieces(await dial(portOf(server)), [version1 + handshake()])).toMatch(/ 400 /);
  await expect(serve(noting.application, { ...short, proxyProtocol: true })).rejects.toThrow(
    /^options\.proxyProtocol: expected trustedProxies beside it/,
  );
  const secret = { ...on, path: "/nowhere/ws.sock", tls: certificate };
  await expect(serve(noting.application, secret)).rejects.toThrow(/^options\.proxyProtocol: expected .* TLS/);
  const given = { ...on, proxyProtocol: "v1" as unknown as boolean };
  await expect(serve(noting.application, given)).rejects.toThrow(
    /^options\.proxyProtocol: expected true or false/,
  );
});
