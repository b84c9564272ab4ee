import { once } from "node:events";
import type { Socket } from "node:net";
import { Connection } from "@ws/connection";
import type { Application, WebSocketScope } from "@ws/events";
import { loopback, start, type TestServer } from "@ws/testing";
import { expect, test } from "vitest";
import { bearerToken } from "../auth/token.js";
import { authenticate } from "../authenticate.js";
import { compose } from "../composing/compose.js";
import { type LimitConnectionsOptions, limitConnections } from "../limit-connections.js";
import { randomNumbers } from "../random.fixture.js";
import { handshake } from "./wire.fixture.js";

const user = ({ state }: WebSocketScope): string => String(state["user"]);
const known = authenticate({ token: bearerToken(), verify: (token) => token });

/** What is to be called when an application at `/wait?index` runs. */
const arrivals: (() => void)[] = [];

/** Ends in the way that the path says, and waits for a message or the end first. */
const ending: Application = async (scope, receive, send) => {
  if (scope.type !== "websocket") throw new Error("no lifespan");
  const socket = new Connection(scope, receive, send);
  if (scope.path === "/deny") return await socket.deny({ status: 404 });
  if (scope.path === "/return") return;
  if (scope.path === "/throw") throw new Error("mine");
  if (scope.path === "/wait") {
    await socket.receive();
    arrivals[Number(scope.queryString)]?.();
    return void (await socket.receive());
  }
  await socket.accept();
  for await (const text of socket.text()) {
    if (text === "return") return;
    if (text === "throw") throw new Error("mine");
    if (text === "close") await socket.close(4000);
  }
};

/** A server that gives its applications' ends. Proxied addresses are believed, so that there are several. */
async function limited(options: LimitConnectionsOptions): Promise<{
  readonly server: TestServer;
  readonly ended: () => Promise<unknown>;
}> {
  const running = new Set<Promise<void>>();
  const application = compose(known, limitConnections(options))(ending);
  const tracked: Application = (scope, receive, send) => {
    const run = application(scope, receive, send);
    running.add(run);
    return run;
  };
  const server = await start(tracked, {
    transport: loopback,
    trustedProxies: ["127.0.0.1"],
    closeTimeout: 50,
  });
  return { server, ended: () => Promise.allSettled(running) };
}

const from = (address: string, name: string) => ({
  headers: { "x-forwarded-for": address, authorization: `Bearer ${name}` },
});

/** 101, or the status of the refusal. The connection stays open. */
async function status(server: TestServer, address: string, name: string): Promise<number> {
  try {
    await server.connect("/", from(address, name));
    return 101;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

test("fault 169: above a cap per address, an IPv6 /64 or a user the handshake gets 429", async () => {
  const { server } = await limited({ perClient: 2, perUser: 3, user });
  expect(await status(server, "192.0.2.1", "a")).toBe(101);
  expect(await status(server, "192.0.2.1", "b")).toBe(101);
  expect(await status(server, "192.0.2.1", "c")).toBe(429);
  expect(await status(server, "::ffff:192.0.2.1", "c")).toBe(429);
  expect(await status(server, "2001:db8:0:1::1", "c")).toBe(101);
  expect(await status(server, "2001:db8:0:1:ffff::2", "c")).toBe(101);
  expect(await status(server, "2001:DB8::1:0:0:0:3", "d")).toBe(429);
  expect(await status(server, "2001:db8:0:2::1", "c")).toBe(101);
  expect(await status(server, "192.0.2.9", "c")).toBe(429);
  expect(await status(server, "192.0.2.9", "d")).toBe(101);
  await server.close({ grace: 200 });
});

test("fault 176: a cap per address counts clients, whatever port or spelling their proxy tells", async () => {
  const { server } = await limited({ perClient: 2 });
  for (const [first, second, third] of [
    ["192.0.2.1:1", "192.0.2.1:2", '"192.0.2.1:3"'],
    ["[2001:db8::1]:1", '"[2001:db8::2]:2"', "2001:db8::3"],
  ] as const) {
    expect(await status(server, first, "a")).toBe(101);
    expect(await status(server, second, "a")).toBe(101);
    expect(await status(server, third, "a")).toBe(429);
  }
  expect(await status(server, "192.0.2.2:1", "a")).toBe(101);
  await server.close({ grace: 200 });
});

test("fault 169: when all have closed, every place is free again", async () => {
  const { server, ended } = await limited({ total: 3, perClient: 3, perUser: 3, user });
  for (let round = 0; round < 3; round += 1) {
    const open = [1, 2, 3].map(() => server.connect("/", from("192.0.2.1", "ann")));
    const sessions = await Promise.all(open);
    expect(await status(server, "192.0.2.1", "ann")).toBe(503);
    await Promise.all(sessions.map((session) => session.close()));
    await ended();
    expect(server.connections).toBe(0);
  }
  await server.close();
});

/** Connects by hand, and resets after `event`. */
async function reset(
  server: TestServer,
  address: string,
  target: string,
  event: (socket: Socket) => Promise<unknown>,
): Promise<void> {
  const socket = server.dial() as Socket;
  socket.on("error", () => {});
  socket.write(handshake(target, [`X-Forwarded-For: ${address}`, "Authorization: Bearer ann"]));
  await event(socket);
  const closed = once(socket, "close");
  socket.resetAndDestroy();
  await closed;
}

/** The ways in which a connection can begin and end; none leaves anything open. */
const lives: readonly ((server: TestServer, address: string) => Promise<unknown>)[] = [
  async (server, address) => (await server.connect("/", from(address, "ann"))).close(),
  async (server, address) => (await server.connect("/", from(address, "ann"))).terminate(),
  ...["return", "throw", "close"].map((text) => async (server: TestServer, address: string) => {
    const session = await server.connect("/", from(address, "ann"));
    await session.sendText(text);
    await session.closed;
  }),
  ...["deny", "return", "throw"].map((path) => async (server: TestServer, address: string) => {
    await expect(server.connect(`/${path}`, from(address, "ann"))).rejects.toHaveProperty("status");
  }),
  // Nobody, and a handshake that the server refuses itself.
  async (server, address) => server.request(handshake("/", [`X-Forwarded-For: ${address}`])),
  async (server) => server.request(handshake("/", ["Origin: https://evil.example"])),
  // A protocol error, and clients that reset after or before the answer.
  async (server, address) => {
    const session = await server.connect("/", from(address, "ann"));
    session.sendRaw(Buffer.from([0xff, 0xff, 0xff]));
    expect((await session.closed).code).toBe(1002);
  },
  (server, address) => reset(server, address, "/", (socket) => once(socket, "data")),
  (server, address) => {
    const target = `/wait?${arrivals.length}`;
    const arrived = new Promise<void>((resolve) => arrivals.push(resolve));
    return reset(server, address, target, () => arrived);
  },
];

test("fault 170: whatever the order in which connections are refused, reset, thrown out or closed, no place is lost or won", async () => {
  const most = 4;
  const { server, ended } = await limited({ total: most, perClient: most, perUser: most, user });
  const random = randomNumbers(170);
  for (let round = 0; round < 12; round += 1) {
    // At most as many at a time as there are places, so that each gets one.
    const batch = Array.from({ length: most }, () => lives[Math.floor(random() * lives.length)]);
    await Promise.all(batch.map((live) => live?.(server, "2001:db8::1")));
    await ended();
  }
  for (let count = 0; count < most; count += 1) expect(await status(server, "2001:db8::1", "ann")).toBe(101);
  expect(await status(server, "2001:db8::1", "ann")).toBe(503);
  expect(server.connections).toBe(most);
  await server.close({ grace: 200 });
  expect(server.connections).toBe(0);
});
