import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import { get as getSecurely } from "node:https";
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { certificate, renewedCertificate } from "../../certificate.fixture.js";
import { fromFetch } from "../../http/adapters/from-fetch.js";
import { dial, echo, exchange, portOf, readUntil } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { Child } from "../child.fixture.js";
import { readAnswer } from "../handshake.fixture.js";

const page = fromFetch(async (incoming) => new Response((await incoming.text()) || "page"));
const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
test("fault 185: keepAliveTimeout is told to the client, and ends an idle connection", async () => {
  await using server = await serve(page, { port: 0, keepAliveTimeout: 2_000 });
  const answer = await exchange(portOf(server), get);
  expect(answer).toMatch(/keep-alive: timeout=2\r\n/i);
  await using patient = await serve(page, { port: 0, keepAliveTimeout: 600_000 });
  const socket = await dial(portOf(patient));
  socket.write(get);
  expect(await readUntil(socket, "page")).toMatch(/keep-alive: timeout=600\r\n/i);
  socket.destroy();
});

test("fault 185: connections are used again within it", async () => {
  await using server = await serve(page, { port: 0, keepAliveTimeout: 60_000 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number>();
  for (let count = 0; count < 3; count += 1) {
    const asked = request(server.url, { agent });
    asked.on("socket", (socket) => socket.once("ready", () => ports.add(socket.localPort as number)));
    const [response] = await once(asked.end(), "response");
    response.resume();
    await once(response, "end");
  }
  expect(ports.size).toBe(1);
  agent.destroy();
});

test("fault 185: a request that is not whole in requestTimeout gets 408, its head's time within it", async () => {
  await using server = await serve(page, { port: 0, requestTimeout: 100 });
  const upload = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc";
  expect(readAnswer(await exchange(portOf(server), upload)).status).toBe(408);
  expect(readAnswer(await exchange(portOf(server), "GET / HT")).status).toBe(408);
});

/** How many of the clients are connected, once as many are as can be. */
async function connectedOf(sockets: readonly Socket[], count: number): Promise<number> {
  await expect.poll(() => sockets.filter(({ connecting }) => !connecting).length).toBe(count);
  return sockets.filter(({ connecting }) => !connecting).length;
}

test("fault 185: backlog bounds how many wait to be accepted", async () => {
  const child = new Child({ backlog: 1 });
  const port = await child.port();
  child.process.kill("SIGSTOP");
  // The kernel takes one more than it is told to; the rest hear nothing.
  const sockets = Array.from({ length: 6 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  await connectedOf(sockets, 2);
  child.process.kill("SIGCONT");
  for (const socket of sockets) socket.destroy();
  const patient = new Child();
  const other = await patient.port();
  patient.process.kill("SIGSTOP");
  const all = Array.from({ length: 60 }, () => connect(other, "127.0.0.1").on("error", () => {}));
  await connectedOf(all, 60);
  patient.process.kill("SIGCONT");
  for (const socket of all) socket.destroy();
});

/** The descriptor in this process of the socket that listens at a port; Node tells it nowhere, Linux does. */
function descriptorOf(port: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = readFileSync("/proc/self/net/tcp", "utf8")
    .split("\n")
    .map((row) => row.trim().split(/\s+/));
  const inode = rows.find(([, local, , state]) => local?.endsWith(end) && state === "0A")?.[9];
  const isOurs = (name: string): boolean => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === `socket:[${inode}]`;
    } catch {
      // The descriptor with which the list itself was read.
      return false;
    }
  };
  return Number(readdirSync("/proc/self/fd").find(isOurs));
}

test("fault 185: a socket that the process inherits is listened on, and a WebSocket comes through", async () => {
  // As systemd does it: somebody else binds and listens, and the process begins with the socket as descriptor 3.
  const listening = createNetServer();
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const child = new Child({ fd: 3 }, 20_000, [descriptorOf(port)]);
  listening.close();
  expect(await child.said(/^open /)).toEqual([`open http://127.0.0.1:${port}`]);
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(client, "open");
  client.send("hello");
  expect(String((await once(client, "message"))[0])).toBe("hello");
  const closed = once(client, "close");
  child.process.kill("SIGTERM");
  expect((await closed)[0]).toBe(1012);
  expect((await child.ended)[0]).toBe(0);
});

test("fault 185: a descriptor that does not listen is Node's own error", async () => {
  await expect(serve(page, { fd: 1_000_000 })).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
});

/** Which certificate a new connection is shown. */
async function shown(url: string): Promise<string> {
  const asked = getSecurely(url, { agent: false, rejectUnauthorized: false });
  const [response] = await once(asked, "response");
  const { fingerprint256 } = response.socket.getPeerCertificate();
  response.resume();
  await once(response, "close");
  return fingerprint256;
}

test("fault 185: a renewed certificate is shown from then on, and no connection is lost", async () => {
  const application: Parameters<typeof serve>[0] = (scope, receive, send) =>
    (scope.type === "http" ? page : echo)(scope, receive, send);
  await using server = await serve(application, { port: 0, tls: certificate });
  const first = await shown(server.url);
  const client = new WebSocket(server.url.replace("https", "wss"), { ca: certificate.cert });
  await once(client, "open");
  server.setSecureContext(renewedCertificate);
  expect(await shown(server.url)).not.toBe(first);
  client.send("still here");
  expect(String((await once(client, "message"))[0])).toBe("still here");
  // One that is none is told, and changes nothing.
  expect(() => server.setSecureContext({ key: "none", cert: "none" })).toThrow(/PEM|DECODER|unsupported/i);
  const other = new WebSocket(server.url.replace("https", "wss"), { ca: renewedCertificate.cert });
  await once(other, "open");
  for (const each of [client, other]) each.close();
  await Promise.all([client, other].map((each) => once(each, "close")));
});

test("fault 185: a server without TLS has no certificate to renew, and says so", async () => {
  await using server = await serve(page, { port: 0 });
  expect(() => server.setSecureContext(renewedCertificate)).toThrow(
    new TypeError("setSecureContext: expected a server with options.tls, got one without TLS"),
  );
  // Node's own would take it without a word.
  expect("setSecureContext" in createServer()).toBe(false);
});
