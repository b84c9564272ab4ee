import { type EventEmitter, once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";
import type { Application } from "@ws/events";
import { expect, test, vi } from "vitest";
import { attach } from "../../attach.js";
import { dial, KeptLog, webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { masked, Peer } from "../peer.fixture.js";

interface Stage {
  readonly name: string;
  readonly socket: Socket;
}

/** An application of four ways: never answers, refuses, denies in parts, accepts. It tells of each stage. */
function staged(tell: (name: string) => void): Application {
  return webSocket(async ({ path }, receive, send) => {
    await receive();
    tell(`${path} pending`);
    if (path === "/refuse") return await send({ type: "websocket.close" });
    if (path === "/deny") {
      await send({ type: "websocket.http.response.start", status: 403 });
      tell(`${path} denying`);
      return await send({ type: "websocket.http.response.body" });
    }
    await send({ type: "websocket.accept" });
    tell(`${path} open`);
    await receive();
    if (path === "/close") await send({ type: "websocket.close" });
    tell(`${path} closing`);
  });
}

async function listening(httpServer: HttpServer): Promise<{ readonly url: string }> {
  httpServer.listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  return { url: `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}` };
}

test("fault 128: every socket has an error listener at every stage: pending, refused, denying, open, closing, closed, not ours", async () => {
  const bare: string[] = [];
  const stages: Stage[] = [];
  let current: Socket | undefined;
  const look = (name: string): void => {
    if (current === undefined) return;
    stages.push({ name, socket: current });
    if (current.listenerCount("error") === 0) bare.push(name);
  };
  const httpServer = createServer();
  httpServer.on("connection", (socket: Socket) => {
    current = socket;
    socket.on("close", () => look("closed"));
  });
  const attached = attach(httpServer, staged(look), { paths: ["/refuse", "/deny", "/close", "/leave"] });
  httpServer.on("upgrade", () => look("upgrade"));
  httpServer.prependListener("upgrade", () => look("upgrade, before us"));
  await attached.ready;
  const server = await listening(httpServer);
  for (const target of ["/refuse", "/deny", "/close", "/leave"]) {
    const peer = await Peer.connect(server, target);
    if (target === "/close") peer.text("x");
    if (target === "/leave") peer.socket.write(masked(0x88));
    await peer.ended();
  }
  const names = [
    "/refuse pending",
    "/deny denying",
    "/close open",
    "/close closing",
    "/leave closing",
    "closed",
  ];
  expect(stages.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  // Node's own parser holds one until it hands the socket over, and takes it away in that very call.
  expect(bare.filter((name) => name !== "upgrade, before us")).toEqual([]);
  for (const { socket } of stages) socket.emit("error", new Error("late"));
  await attached.close();
  httpServer.close();
});

test("fault 128: an error at each stage ends that connection alone", async () => {
  let current: Socket | undefined;
  const httpServer = createServer();
  httpServer.on("connection", (socket: Socket) => {
    current = socket;
  });
  const fail = (): void => void current?.destroy(new Error("ECONNRESET"));
  for (const stage of ["pending", "denying", "open", "closing"]) {
    const application = staged((name) => {
      if (name.endsWith(stage)) fail();
    });
    const attached = attach(httpServer, application);
    await attached.ready;
    const server = httpServer.listening
      ? { url: `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}` }
      : await listening(httpServer);
    const target = stage === "denying" ? "/deny" : "/close";
    const peer = await Peer.connect(server, target, masked(0x81, "x"));
    await peer.ended();
    await attached.close();
  }
  httpServer.close();
});

test("fault 128: the listening server has one as well, for a socket that can't be accepted", async () => {
  const bare: string[] = [];
  const look = (name: string, emitter: EventEmitter): void => {
    if (emitter.listenerCount("error") === 0) bare.push(name);
  };
  const listen = vi.spyOn(NetServer.prototype, "listen");
  const logger = new KeptLog();
  const server = await serve(
    staged(() => {}),
    { port: 0, logger },
  );
  const httpServer = (listen.mock.contexts[0] as NetServer | undefined) ?? expect.unreachable();
  look("listening", httpServer);
  const closes: Promise<void>[] = [];
  httpServer.on("connection", (socket: Socket) => {
    look("accepted", socket);
    closes.push(new Promise((resolve) => socket.on("close", () => resolve())));
  });
  // What Node tells of where it can't accept.
  const error = new Error("accept EMFILE");
  httpServer.emit("error", error);
  expect(logger.lines.at(-1)).toEqual({ level: "error", message: "the server failed", fields: { error } });
  // A reset before the first byte, and one amid the head: Node's parser has them.
  for (const bytes of ["", "GET / HT"]) {
    const socket = await dial(Number(new URL(server.url).port));
    socket.write(bytes);
    socket.resetAndDestroy();
  }
  const peer = await Peer.connect(server, "/refuse");
  await peer.ended();
  expect(peer.status).toBe(403);
  const closed = server.close();
  look("closing", httpServer);
  await Promise.all([closed, ...closes]);
  look("closed", httpServer);
  expect(closes).toHaveLength(3);
  expect(bare).toEqual([]);
});
