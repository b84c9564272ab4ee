import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { dial } from "./dial.js";

/** A server that takes connections and does with each what it is told; what is open at it can be seen. */
class Listener {
  readonly server: Server;
  readonly sockets = new Set<Socket>();

  constructor(greet: (socket: Socket) => void) {
    this.server = createServer((socket) => {
      this.sockets.add(socket.on("error", () => {}).on("close", () => this.sockets.delete(socket)));
      greet(socket);
    }).listen(0, "127.0.0.1");
  }

  async address(): Promise<string> {
    if (!this.server.listening) await once(this.server, "listening");
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when nobody is connected. */
  async empty(): Promise<void> {
    await expect.poll(() => this.sockets.size).toBe(0);
  }
}

const listeners: Listener[] = [];

function listen(greet: (socket: Socket) => void): Listener {
  const listener = new Listener(greet);
  listeners.push(listener);
  return listener;
}

/** Takes connections and says nothing, as a server that hangs. */
const hang = (): void => {};

/** Says as much as a client needs. */
function speak(socket: Socket): void {
  socket.write('INFO {"version":"2.9.10","proto":1,"headers":true,"max_payload":1000}\r\n');
  socket.on("data", (chunk) => {
    if (String(chunk).includes("PING")) socket.write("PONG\r\n");
  });
}

const options = { reconnect: false, timeout: 200, ignoreClusterUpdates: true };
const { signal: patient } = new AbortController();

afterEach(async () => {
  for (const { server, sockets } of listeners.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }
});

test("a server that answers is connected to, by one socket", async () => {
  const listener = listen(speak);
  const connection = await dial({ ...options, servers: await listener.address() }, patient);
  expect(connection.isClosed()).toBe(false);
  expect(listener.sockets.size).toBe(1);
  await connection.close();
  await listener.empty();
});

test("nobody there is a rejection that says so", async () => {
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, "close");
  await expect(dial({ ...options, servers: `127.0.0.1:${port}` }, patient)).rejects.toThrow("refused");
});

test("a server that hangs is a rejection in time, and no socket is left open", async () => {
  const listener = listen(hang);
  const opened = once(listener.server, "connection");
  await expect(dial({ ...options, servers: await listener.address() }, patient)).rejects.toThrow(/timeout/i);
  await opened;
  await listener.empty();
});

test("where one server hangs the next is taken, and the socket to the first is closed", async () => {
  const [first, second] = [listen(hang), listen(speak)];
  const servers = [await first.address(), await second.address()];
  const connection = await dial({ ...options, servers, noRandomize: true }, patient);
  expect(connection.getServer()).toBe(servers[1]);
  await first.empty();
  expect(second.sockets.size).toBe(1);
  await connection.close();
});

test("an attempt that is aborted rejects with the reason at once, and no server is connected to any more", async () => {
  const [first, second] = [listen(hang), listen(speak)];
  const servers = [await first.address(), await second.address()];
  const abort = new AbortController();
  const dialing = dial({ ...options, servers, noRandomize: true, timeout: 60_000 }, abort.signal);
  await once(first.server, "connection");
  const later: Socket[] = [];
  const opened = (message: unknown): void => void later.push((message as { socket: Socket }).socket);
  subscribe("net.client.socket", opened);
  const connections = vi.fn();
  second.server.on("connection", connections);
  abort.abort("given up");
  await expect(dialing).rejects.toBe("given up");
  await first.empty();
  // The client goes on to the next server by itself.
  await expect.poll(() => later[0]?.closed).toBeTruthy();
  unsubscribe("net.client.socket", opened);
  expect(connections).not.toHaveBeenCalled();
});

test("what others open meanwhile is left alone", async () => {
  const [hanging, other] = [listen(hang), listen(hang)];
  const dialing = dial({ ...options, servers: await hanging.address() }, patient);
  const [, port] = (await other.address()).split(":");
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  await expect(dialing).rejects.toThrow(/timeout/i);
  await hanging.empty();
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});
