import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Application, ReceiveEvent, WebSocketScope } from "@ws/events";
import { afterEach, expect, expectTypeOf, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { dial, echo, handshake, KeptLog, readUntil, untilClosed, webSocket } from "../../raw.fixture.js";
import { fromWebSocketServer, type OpenWebSocketServer } from "../../ws.js";

const servers: WebSocketServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server of `ws` that listens. */
async function listening(options = {}): Promise<{ server: WebSocketServer; port: number; url: string }> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, ...options });
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `ws://127.0.0.1:${port}` };
}

const accept = { type: "websocket.accept" } as const;

/** How a client is closed. */
async function closeOf(client: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(client, "close");
  return { code, reason: String(reason) };
}

test("fault 209: an application runs on a server of ws, beside what else listens to it", async () => {
  const { server, url } = await listening();
  expectTypeOf(server).toExtend<OpenWebSocketServer>();
  let theirs = 0;
  server.on("connection", () => {
    theirs += 1;
  });
  await using attached = fromWebSocketServer(server, echo);
  await attached.ready;
  const client = new WebSocket(url);
  await once(client, "open");
  for (const message of ["grüße", Buffer.of(1, 2)]) {
    client.send(message);
    const [data, isBinary] = await once(client, "message");
    expect([String(data), isBinary]).toEqual([String(message), typeof message !== "string"]);
  }
  expect([attached.connections, theirs]).toEqual([1, 1]);
  client.close(4000, "bye");
  expect(await closeOf(client)).toEqual({ code: 4000, reason: "bye" });
});

test("fault 209: on an HTTP server that ws shares, with a subprotocol that ws has selected", async () => {
  const httpServer = createServer();
  httpServer.listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  const server = new WebSocketServer({ server: httpServer, handleProtocols: () => "chat" });
  const scopes: WebSocketScope[] = [];
  const application = webSocket(async (scope, receive, send) => {
    scopes.push(scope);
    await receive();
    await send({ ...accept, subprotocol: scope.subprotocols[0] });
  });
  const attached = fromWebSocketServer(server, application, { rootPath: "/api" });
  await attached.ready;
  const { port } = httpServer.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}/api/x%20y?a=1`, ["other", "chat"]);
  expect(await closeOf(client)).toEqual({ code: 1000, reason: "" });
  expect(client.protocol).toBe("chat");
  expect(scopes).toMatchObject([
    { path: "/api/x y", queryString: "a=1", rootPath: "/api", subprotocols: ["chat"] },
  ]);
  expect(scopes[0]?.extensions["websocket.http.response"]).toBeUndefined();
  await attached.close();
  expect(server.listenerCount("connection")).toBe(0);
  server.close();
  httpServer.close();
});

test("fault 209: whom the application refuses is closed with a code in the place of a status", async () => {
  const { server, url } = await listening();
  const application = webSocket(async (scope, receive, send) => {
    await receive();
    if (scope.path === "/close") await send({ type: "websocket.close" });
    if (scope.path === "/throw") throw new Error("oh no");
    if (scope.path !== "/deny") return;
    await send({ type: "websocket.http.response.start", status: 404 });
    await send({ type: "websocket.http.response.body", body: new Uint8Array(1) });
  });
  await using attached = fromWebSocketServer(server, application, { logger: new KeptLog() });
  await attached.ready;
  for (const [path, code, reason] of [
    ["/close", 1008, "HTTP 403"],
    ["/return", 1008, "HTTP 403"],
    ["/throw", 1011, "HTTP 500"],
    ["/deny", 1008, "HTTP 404"],
  ]) {
    expect(await closeOf(new WebSocket(`${url}${path}`))).toEqual({ code, reason });
  }
});

test("fault 209: whom we would not have let in is closed at once, and the application is not called", async () => {
  const { server, url, port } = await listening();
  let calls = 0;
  let start = (): void => {};
  const starting = new Promise<void>((resolve) => {
    start = resolve;
  });
  const application: Application = async (scope, receive, send) => {
    await receive();
    if (scope.type === "lifespan") {
      await starting;
      return await send({ type: "lifespan.startup.complete" });
    }
    calls += 1;
    await send(accept);
    await receive();
  };
  await using attached = fromWebSocketServer(server, application, { maxConnections: 1, closeTimeout: 200 });
  const early = new WebSocket(url);
  expect(await closeOf(early)).toEqual({ code: 1013, reason: "HTTP 503" });
  start();
  await attached.ready;
  const page = new WebSocket(url, { headers: { origin: "https://evil.example" } });
  expect(await closeOf(page)).toEqual({ code: 1008, reason: "HTTP 403" });
  expect(await closeOf(new WebSocket(`${url}/%ff`))).toEqual({ code: 1008, reason: "HTTP 400" });
  expect(calls).toBe(0);
  const first = new WebSocket(url);
  await once(first, "open");
  await expect.poll(() => attached.connections).toBe(1);
  expect(await closeOf(new WebSocket(url))).toEqual({ code: 1013, reason: "HTTP 503" });
  // One that does not answer the close frame is cut off.
  const silent = await dial(port);
  silent.resume().write(handshake("/%ff"));
  await once(silent, "close");
  // Nor does one that breaks the protocol then end the process.
  const breaking = await dial(port);
  breaking.resume().write(Buffer.concat([Buffer.from(handshake("/%ff")), Buffer.of(0x81, 0x01, 0x61)]));
  await once(breaking, "close");
  first.close();
  await closeOf(first);
});

test("fault 209: a host that is not allowed, and an origin that a function refuses, are closed at once too", async () => {
  const { server, url } = await listening();
  let calls = 0;
  const application = webSocket(async () => {
    calls += 1;
  });
  const logger = new KeptLog();
  await using attached = fromWebSocketServer(server, application, {
    allowedHosts: ["127.0.0.1"],
    allowedOrigins: (_origin, { path }) => {
      if (path === "/throws") throw new Error("as planned");
      return Promise.resolve(false);
    },
    logger,
  });
  await attached.ready;
  const headers = { host: "evil.example" };
  expect(await closeOf(new WebSocket(url, { headers }))).toEqual({ code: 1008, reason: "HTTP 421" });
  for (const path of ["/throws", "/later"]) {
    const page = new WebSocket(`${url}${path}`, { origin: "https://evil.example" });
    expect(await closeOf(page)).toEqual({ code: 1008, reason: "HTTP 403" });
  }
  expect(calls).toBe(0);
});

test("fault 209: a denial is held to its content-length, and closes with its last part", async () => {
  const { server, url } = await listening();
  const errors: unknown[] = [];
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    const start = { type: "websocket.http.response.start", status: 451 } as const;
    const refused = (error: unknown): void => void errors.push(error);
    await send({ ...start, headers: [["content-length", "x"]] }).catch(refused);
    await send({ ...start, headers: [["content-length", "3"]] });
    const part = { type: "websocket.http.response.body", moreBody: true } as const;
    await send({ ...part, body: new Uint8Array(2) });
    await send({ ...part, body: new Uint8Array(2) }).catch(refused);
    await send({ ...part, body: new Uint8Array(1), moreBody: false });
  });
  await using attached = fromWebSocketServer(server, application);
  await attached.ready;
  expect(await closeOf(new WebSocket(url))).toEqual({ code: 1008, reason: "HTTP 451" });
  const invalid = { code: "ERR_WS_EVENT_INVALID" };
  expect(errors).toMatchObject([invalid, invalid]);
});

test("fault 209: the close frame of a refused client is found behind the messages that it still sends", async () => {
  const { server, port } = await listening();
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.close" });
  });
  // Longer than the test may take: only the client's close frame ends the connection in time.
  await using attached = fromWebSocketServer(server, application, { closeTimeout: 600_000 });
  await attached.ready;
  const socket = await dial(port);
  socket.write(handshake("/"));
  await readUntil(socket, "HTTP 403");
  // Each is as long as what is read at once.
  const message = Buffer.alloc(8 + 65_528);
  message.set([0x82, 0xfe, 65_528 >> 8, 65_528 & 0xff]);
  for (let sent = 0; sent < 20; sent += 1) socket.write(message);
  socket.write(Buffer.of(0x88, 0x80, 0, 0, 0, 0));
  await once(socket.resume(), "close");
});

test("fault 209: messages before a breach are received, though ws has closed by then", async () => {
  const { server, port } = await listening();
  const events: unknown[] = [];
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send(accept);
    for (;;) {
      const event = await receive();
      events.push(event);
      if (event.type === "websocket.disconnect") return;
    }
  });
  await using attached = fromWebSocketServer(server, application);
  await attached.ready;
  const socket = await dial(port);
  socket.write(handshake("/"));
  await readUntil(socket, "\r\n\r\n");
  const text = (letter: string): Buffer => Buffer.of(0x81, 0x81, 0, 0, 0, 0, letter.charCodeAt(0));
  socket.write(Buffer.concat([text("a"), text("b"), Buffer.of(0x81, 0x01, 0x61)]));
  await expect
    .poll(() => events)
    .toMatchObject([{ text: "a" }, { text: "b" }, { code: 1006, reason: /MASK/ }]);
  socket.destroy();
});

test("fault 209: whom we would not have let in, and who then breaks the protocol, costs the process nothing", async () => {
  const { server, port } = await listening();
  await using attached = fromWebSocketServer(server, echo, { closeTimeout: 60_000 });
  await attached.ready;
  const socket = await dial(port);
  socket.write(handshake("/%ff"));
  await readUntil(socket, "HTTP 400");
  // All three reserved bits are set.
  socket.write(Buffer.of(0xf1, 0x80, 0, 0, 0, 0));
  await untilClosed(socket.resume());
  const next = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(next, "open");
  next.terminate();
});

test("fault 209: what came with the handshake waits for the accept, in its order", async () => {
  const { server, port } = await listening();
  const texts: unknown[] = [];
  let open = (): void => {};
  const opening = new Promise<void>((resolve) => {
    open = resolve;
  });
  const application = webSocket(async (_scope, receive, send) => {
    expect(await receive()).toEqual({ type: "websocket.connect" });
    await opening;
    await send(accept);
    for (
      let event: ReceiveEvent = await receive();
      event.type === "websocket.receive";
      event = await receive()
    ) {
      texts.push(event.text);
    }
  });
  await using attached = fromWebSocketServer(server, application);
  await attached.ready;
  const socket = await dial(port);
  const frame = (text: string): Buffer =>
    Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]);
  socket.write(Buffer.concat([Buffer.from(handshake("/")), frame("a"), frame("b")]));
  await readUntil(socket, "\r\n\r\n");
  socket.write(frame("c"));
  open();
  await expect.poll(() => texts).toEqual(["a", "b", "c"]);
  socket.destroy();
});

test("fault 209: headers that an accept can no longer send are said in the log", async () => {
  const { server, url } = await listening();
  const lines: unknown[] = [];
  const logger = { debug() {}, info() {}, error() {}, warn: (line: string) => lines.push(line) };
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ ...accept, headers: [["x-a", "b"]] });
  });
  await using attached = fromWebSocketServer(server, application, { logger });
  await attached.ready;
  expect(await closeOf(new WebSocket(url))).toEqual({ code: 1000, reason: "" });
  expect(lines).toEqual(["the headers of an accept can't be sent: ws has answered the handshake"]);
});

test("fault 209: messages arrive whole, whatever the socket's binaryType is", async () => {
  const { server, url } = await listening();
  const types = ["arraybuffer", "fragments", "nodebuffer"] as const;
  let connections = 0;
  server.on("connection", (socket) => {
    socket.binaryType = types[connections] ?? "nodebuffer";
    connections += 1;
  });
  await using attached = fromWebSocketServer(server, echo);
  await attached.ready;
  for (const _ of types) {
    const client = new WebSocket(url);
    await once(client, "open");
    client.send(Buffer.of(1, 2), { fin: false });
    client.send(Buffer.of(3));
    const [data] = await once(client, "message");
    expect([...(data as Buffer)]).toEqual([1, 2, 3]);
    client.terminate();
    await closeOf(client);
  }
});

test("fault 209: a breach of the protocol and a lost peer are told as with serve", async () => {
  const { server, url, port } = await listening({ maxPayload: 16 });
  const reasons: unknown[] = [];
  const application = webSocket(async (scope, receive, send) => {
    await receive();
    await send(accept);
    while ((await receive()).type !== "websocket.disconnect");
    reasons.push(scope.extensions["websocket.disconnect"]?.signal.reason);
  });
  await using attached = fromWebSocketServer(server, application);
  await attached.ready;
  const large = new WebSocket(url);
  await once(large, "open");
  large.send("x".repeat(17));
  expect(await closeOf(large)).toMatchObject({ code: 1009 });
  await expect
    .poll(() => reasons)
    .toMatchObject([{ code: 1006, initiator: "server", reason: /size exceeded/ }]);
  const lost = await dial(port);
  lost.write(handshake("/"));
  await readUntil(lost, "\r\n\r\n");
  lost.destroy();
  await expect.poll(() => reasons[1]).toMatchObject({ code: 1006, initiator: "network" });
});

test("fault 209: an application that does not receive pauses its peer, and one that sends waits for it", async () => {
  const { server, url } = await listening();
  let receiveNow = (): void => {};
  const receiving = new Promise<void>((resolve) => {
    receiveNow = resolve;
  });
  let received = 0;
  let sends = 0;
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send(accept);
    await receiving;
    while ((await receive()).type === "websocket.receive") {
      received += 1;
      if (received < 200) continue;
      for (let left = 400; left > 0; left -= 1) {
        await send({ type: "websocket.send", text: "y".repeat(64 * 1_024) });
        sends += 1;
      }
    }
  });
  await using attached = fromWebSocketServer(server, application);
  await attached.ready;
  const client = new WebSocket(url);
  await once(client, "open");
  const part = "x".repeat(256 * 1_024);
  for (let sent = 0; sent < 200; sent += 1) client.send(part);
  await expect.poll(() => [...server.clients][0]?.isPaused).toBe(true);
  expect(client.bufferedAmount).toBeGreaterThan(0);
  client.pause();
  receiveNow();
  await expect.poll(() => received).toBe(200);
  await expect.poll(() => sends).toBeGreaterThan(0);
  expect(sends).toBeLessThan(400);
  client.resume();
  await expect.poll(() => sends).toBe(400);
  client.close();
  await closeOf(client);
});

test("fault 209: a client that leaves before the accept, or is silent, is found", async () => {
  const { server, url, port } = await listening();
  const errors: unknown[] = [];
  const application = webSocket(async (scope, receive, send) => {
    await receive();
    if (scope.path === "/gone")
      await once(scope.extensions["websocket.disconnect"]?.signal as AbortSignal, "abort");
    await send(accept).catch((error: unknown) => errors.push(error));
    await receive();
  });
  await using attached = fromWebSocketServer(server, application, { pingInterval: 50, pingTimeout: 50 });
  await attached.ready;
  const gone = new WebSocket(`${url}/gone`);
  await once(gone, "open");
  gone.terminate();
  await expect.poll(() => errors).toMatchObject([{ errorCode: "ERR_WS_CONNECTION_CLOSED", code: 1006 }]);
  const silent = await dial(port);
  silent.write(handshake("/"));
  await readUntil(silent, "\r\n\r\n");
  silent.pause();
  await expect.poll(() => attached.connections).toBe(0);
  silent.destroy();
});

test("fault 209: closing ends the connections and leaves the server of ws to its owner", async () => {
  const { server, url } = await listening();
  const attached = fromWebSocketServer(server, echo);
  await attached.ready;
  const client = new WebSocket(url);
  await once(client, "open");
  const closed = closeOf(client);
  await attached.close({ grace: 1_000 });
  expect(await closed).toEqual({ code: 1012, reason: "" });
  const next = new WebSocket(url);
  await once(next, "open");
  next.terminate();
});

test("fault 209: a start-up that fails is told, and what is no application refused at once", async () => {
  const { server } = await listening();
  const failing: Application = async (_scope, receive, send) => {
    await receive();
    await send({ type: "lifespan.startup.failed", message: "no" });
  };
  await expect(fromWebSocketServer(server, failing).ready).rejects.toThrow("start-up failed: no");
  const middleware = (() => () => {}) as unknown as Application;
  expect(() => fromWebSocketServer(server, middleware)).toThrow(
    /^fromWebSocketServer: expected an application/,
  );
});
