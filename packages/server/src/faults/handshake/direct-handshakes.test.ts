import { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { heads } from "../../http/request/heads.fixture.js";
import { dial, echo, handshake, portOf, readUntil, untilClosed } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { Noting } from "../handshake.fixture.js";
import { frame } from "../live.fixture.js";

/** All that a server says to a client that says this and ends its side; the time of day is another for each. */
async function answerTo(port: number, text: string): Promise<string> {
  const socket = await dial(port);
  socket.end(Buffer.from(text, "latin1"));
  let answer = "";
  for await (const chunk of socket) answer += (chunk as Buffer).toString("latin1");
  return answer.replace(/\r\nDate: .*/, "");
}

/** What an application was told of its connections, but for what is another for each. */
function toldOf({ scopes }: Noting): unknown[] {
  return scopes
    .splice(0)
    .map(({ client: _client, server: _server, extensions: _extensions, ...told }) => told);
}

test("a client sees the same answer, and an application the same scope, whoever reads the head", async () => {
  const [direct, byNode] = [new Noting(), new Noting()];
  const options = { logger: false } as const;
  await using first = await direct.start(options);
  await using second = await byNode.start({ ...options, directHandshakes: false });
  let accepted = 0;
  const property = fc.asyncProperty(heads, async (text) => {
    const [one, other] = await Promise.all([first, second].map((server) => answerTo(portOf(server), text)));
    expect(one).toBe(other);
    const told = toldOf(direct);
    expect(told).toEqual(toldOf(byNode));
    accepted += told.length;
  });
  await fc.assert(property, { numRuns: 300 });
  expect(accepted).toBeGreaterThan(20);
});

describe("a handshake that comes whole", () => {
  /** How many upgrades Node's server told of while a client connected. */
  async function upgradesByNode(
    options: Parameters<typeof serve>[1],
    connect: (port: number) => Promise<unknown>,
  ): Promise<number> {
    await using server = await serve(echo, { port: 0, ...options });
    const emit = vi.spyOn(HttpServer.prototype, "emit");
    await connect(portOf(server));
    const upgrades = emit.mock.calls.filter(([event]) => event === "upgrade").length;
    emit.mockRestore();
    return upgrades;
  }

  async function shake(port: number, before = ""): Promise<void> {
    const socket = await dial(port);
    socket.write(`${before}${handshake()}`);
    await readUntil(socket, "101");
    socket.destroy();
  }

  test("is read in front of Node's parser, unless that is turned off", async () => {
    expect(await upgradesByNode({}, shake)).toBe(0);
    expect(await upgradesByNode({ directHandshakes: true }, shake)).toBe(0);
    expect(await upgradesByNode({ directHandshakes: false }, shake)).toBe(1);
  });

  test("is Node's behind a PROXY protocol header, and over TLS", async () => {
    const header = "PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n";
    const proxied = { proxyProtocol: true, trustedProxies: ["127.0.0.1"] };
    expect(await upgradesByNode(proxied, (port) => shake(port, header))).toBe(1);
  });
});

test("messages in the bytes of the handshake itself, and behind them, are all given, in their order", async () => {
  await using server = await serve(echo, { port: 0 });
  const socket = await dial(portOf(server));
  const second = frame(0x81, "second");
  const bytes = Buffer.concat([Buffer.from(handshake()), frame(0x81, "first"), second.subarray(0, 3)]);
  socket.write(bytes);
  await readUntil(socket, "first");
  socket.write(second.subarray(3));
  socket.write(frame(0x81, "third"));
  expect(await readUntil(socket, "third")).toContain("second");
  socket.destroy();
});

describe("a client that says nothing", () => {
  test("gets 408 at headersTimeout, as one whose head does not come", async () => {
    await using server = await serve(echo, { port: 0, headersTimeout: 100 });
    for (const text of ["", "GET / HTTP/1.1\r\nHost: loc"]) {
      const socket = await dial(portOf(server));
      socket.write(text);
      expect(await readUntil(socket, "408")).toContain("HTTP/1.1 408");
      await untilClosed(socket.resume());
    }
  });

  test("and is reset, or leaves, harms nobody; one that speaks late is served", async () => {
    await using server = await serve(echo, { port: 0 });
    const sockets: Socket[] = [];
    for (let count = 0; count < 30; count += 1) sockets.push(await dial(portOf(server)));
    for (const [at, socket] of sockets.entries()) {
      if (at % 3 === 0) socket.resetAndDestroy();
      else if (at % 3 === 1) await untilClosed(socket.resume().end());
      else {
        socket.write(handshake());
        await readUntil(socket, "101");
        socket.destroy();
      }
    }
  });

  test("is closed with its server, at once", async () => {
    const server = await serve(echo, { port: 0 });
    const silent = [await dial(portOf(server)), await dial(portOf(server))];
    const client = new WebSocket(server.url.replace("http", "ws"));
    await new Promise((resolve) => client.once("open", resolve));
    await server.close();
    await Promise.all(silent.map((socket) => untilClosed(socket.resume())));
  });
});
