import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Application } from "@ws/events";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { attach } from "./attach.js";
import { certificate } from "./certificate.fixture.js";
import { echo, exchange, handshake } from "./raw.fixture.js";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function listening(
  server: Server = createServer((_request, response) => response.end("theirs")),
): Promise<{ server: Server; port: number }> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return { server, port: (server.address() as AddressInfo).port };
}

test("upgrades are ours, requests stay theirs", async () => {
  const { server, port } = await listening();
  await using attached = attach(server, echo);
  await attached.ready;
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  await once(client, "open");
  expect(attached.connections).toBe(1);
  client.send("hi");
  expect(String((await once(client, "message"))[0])).toBe("hi");
  const page = await fetch(`http://127.0.0.1:${port}/`);
  expect(await page.text()).toBe("theirs");
  client.close();
  await once(client, "close");
  server.close();
});

test("an https.Server makes wss of it", async () => {
  const { server, port } = await listening(createTlsServer(certificate));
  await using attached = attach(server, echo);
  await attached.ready;
  const client = new WebSocket(`wss://127.0.0.1:${port}/`, { ca: certificate.cert });
  await once(client, "open");
  client.close();
  await once(client, "close");
  server.close();
});

test("with paths, an upgrade elsewhere is left to the other listeners", async () => {
  const { server, port } = await listening();
  server.on("upgrade", (request, socket) => {
    if (request.url === "/other") socket.end("HTTP/1.1 418 Theirs\r\n\r\n");
  });
  await using attached = attach(server, echo, { paths: ["/ws", "/live/"] });
  await attached.ready;
  expect(await exchange(port, handshake("/other"))).toMatch(/^HTTP\/1\.1 418 /);
  for (const path of ["/ws", "/ws/x?y", "/live/", "/live/x"]) {
    const client = new WebSocket(`ws://127.0.0.1:${port}${path}`);
    await once(client, "open");
    client.close();
    await once(client, "close");
  }
  server.close();
});

test("an upgrade that nobody takes is answered: 404 elsewhere, as a request for another protocol", async () => {
  const { server, port } = await listening();
  await using attached = attach(server, echo, { paths: (path) => path === "/only" });
  await attached.ready;
  expect(await exchange(port, handshake("/wsx"))).toMatch(/^HTTP\/1\.1 404 /);
  const h2c = handshake("/only", ["Connection: close"]).replace("Upgrade: websocket", "Upgrade: h2c");
  expect(await exchange(port, h2c)).toMatch(/^HTTP\/1\.1 200 [\s\S]*theirs$/);
  server.close();
});

test("until the lifespan has started an upgrade gets 503, and a failed start is told by ready", async () => {
  let start = (): void => {};
  const application: Application = async (_scope, receive, send) => {
    await receive();
    await new Promise<void>((resolve) => {
      start = resolve;
    });
    await send({ type: "lifespan.startup.failed", message: "no database" });
  };
  const { server, port } = await listening();
  await using attached = attach(server, application);
  expect(await exchange(port, handshake())).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after/);
  start();
  await expect(attached.ready).rejects.toThrow("no database");
  server.close();
});

test("after close the server is its owner's again", async () => {
  const { server, port } = await listening();
  const attached = attach(server, echo);
  await attached.ready;
  await attached.close();
  expect(server.listenerCount("upgrade")).toBe(0);
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("theirs");
  server.close();
});

test("a second close changes nothing, and an upgrade elsewhere is still refused by the one that is left", async () => {
  const { server, port } = await listening();
  const left = attach(server, echo, { paths: ["/left"] });
  await using right = attach(server, echo, { paths: ["/right"] });
  await Promise.all([left.ready, right.ready]);
  await left.close();
  await left.close();
  expect(await exchange(port, handshake("/left"))).toMatch(/^HTTP\/1\.1 404 /);
  server.close();
});

test("an upgrade that two applications take is lost to both, also where the first one has refused it", async () => {
  const { server, port } = await listening();
  await using strict = attach(server, echo, { allowedOrigins: [] });
  await using other = attach(server, echo, { allowedOrigins: "*" });
  await Promise.all([strict.ready, other.ready]);
  const answer = await exchange(port, handshake("/", ["Origin: https://a.example"]));
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer.match(/HTTP/g)).toHaveLength(1);
  expect(other.connections).toBe(0);
  server.close();
});

test("closed while the lifespan starts up, it lets it start and then shuts it down", async () => {
  const events: string[] = [];
  let start!: () => void;
  const application: Application = async (_scope, receive, send) => {
    events.push((await receive()).type);
    await new Promise<void>((resolve) => {
      start = resolve;
    });
    await send({ type: "lifespan.startup.complete" });
    const both = await Promise.all([receive(), receive()]);
    events.push(...both.map(({ type }) => type));
    await send({ type: "lifespan.shutdown.complete" });
  };
  const { server } = await listening();
  const attached = attach(server, application);
  const closing = attached.close();
  await expect.poll(() => start).toBeDefined();
  start();
  await closing;
  expect(events).toEqual(["lifespan.startup", "lifespan.shutdown", "lifespan.shutdown"]);
  server.close();
});
