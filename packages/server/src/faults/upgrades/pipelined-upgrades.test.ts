import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Application } from "@ws/events";
import { expect, test } from "vitest";
import { attach } from "../../attach.js";
import { dial, echo, exchange, handshake, portOf, readUntil } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { readAnswer } from "../handshake.fixture.js";
import { frame } from "../live.fixture.js";

const get = "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** A promise and the function that resolves it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Echoes messages and notes that it was called; a page is what `page` makes of it. */
function noting(page: Application): { readonly application: Application; readonly paths: string[] } {
  const paths: string[] = [];
  const application: Application = async (scope, receive, send) => {
    if (scope.type === "http") return await page(scope, receive, send);
    if (scope.type === "websocket") paths.push(scope.path);
    await echo(scope, receive, send);
  };
  return { application, paths };
}

/** A page that is answered when `go` says so, with so much of an x. */
function pageAfter(go: Promise<void>, size = 4): Application {
  return async (_scope, _receive, send) => {
    await go;
    await send({ type: "http.response.start", status: 200 });
    await send({ type: "http.response.body", body: Buffer.alloc(size, "x"), moreBody: true });
    await send({ type: "http.response.body", body: Buffer.from("{end}") });
  };
}

/** A server of somebody else's, with one of our applications. */
async function shared(
  listener: RequestListener,
  options: Parameters<typeof attach>[2] = {},
): Promise<{ readonly port: number; readonly paths: string[]; readonly stop: () => Promise<void> }> {
  const httpServer = createServer(listener).listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  const { application, paths } = noting(async () => {});
  const attached = attach(httpServer, application, { closeTimeout: 50, ...options });
  await attached.ready;
  const stop = async (): Promise<void> => {
    await attached.close({ grace: 50 });
    httpServer.close().closeAllConnections();
  };
  return { port: (httpServer.address() as AddressInfo).port, paths, stop };
}

/** What came to a client, from its 101 on, after an `x` was sent and came back. */
async function talks(socket: Awaited<ReturnType<typeof dial>>): Promise<void> {
  socket.write(frame(0x81, "hi"));
  expect(await readUntil(socket, "\x81\x02hi")).toBe("\x81\x02hi");
  socket.destroy();
}

test("fault 174: a handshake behind a page that is still due is answered when the page is complete", async () => {
  const { opened, open } = gate();
  const { application, paths } = noting(pageAfter(opened));
  await using server = await serve(application, { port: 0 });
  const socket = await dial(portOf(server));
  socket.write(get + get + handshake("/ws"));
  // A second client is answered, so the first one's bytes have come as well.
  const other = await dial(portOf(server));
  other.write(handshake("/other"));
  await readUntil(other, "\r\n\r\n");
  expect(paths).toEqual(["/other"]);
  open();
  const all = await readUntil(socket, "101 Switching Protocols");
  expect(all.match(/HTTP\/1\.1 (\d+)/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 101"]);
  expect(all).toMatch(/xxxx[\s\S]*\{end\}[\s\S]*xxxx[\s\S]*\{end\}[\s\S]*101 /);
  if (!all.endsWith("\r\n\r\n")) await readUntil(socket, "\r\n\r\n");
  expect(paths).toEqual(["/other", "/ws"]);
  await talks(socket);
  other.destroy();
});

test("fault 174: at a server that is shared as well, also where the owner listens to checkContinue", async () => {
  const { opened, open } = gate();
  const httpServer = createServer().listen(0, "127.0.0.1");
  httpServer.on("checkContinue", (_request, response) => {
    response.writeContinue();
    void opened.then(() => response.end("theirs"));
  });
  await once(httpServer, "listening");
  await using attached = attach(httpServer, echo);
  await attached.ready;
  const { port } = httpServer.address() as AddressInfo;
  const socket = await dial(port);
  const came = once(httpServer, "checkContinue");
  const expecting = "GET /page HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n";
  socket.write(expecting + handshake("/ws"));
  await came;
  open();
  const all = await readUntil(socket, "101 Switching Protocols");
  expect(all.match(/HTTP\/1\.1 (\d+)|theirs/g)).toEqual([
    "HTTP/1.1 100",
    "HTTP/1.1 200",
    "theirs",
    "HTTP/1.1 101",
  ]);
  socket.destroy();
  httpServer.close();
});

test("fault 174: a page of many megabytes before it comes whole, by a reader that is slow to begin", async () => {
  const size = 16 * 1_048_576;
  const { application, paths } = noting(pageAfter(Promise.resolve(), size));
  await using server = await serve(application, { port: 0 });
  const socket = await dial(portOf(server));
  socket.pause();
  socket.write(get + handshake("/ws"));
  const other = await dial(portOf(server));
  other.write(handshake("/other"));
  await readUntil(other, "\r\n\r\n");
  expect(paths).toEqual(["/other"]);
  let length = 0;
  let tail = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    tail = (tail + (chunk as Buffer).toString("latin1")).slice(-1_000);
    if (/101 [\s\S]*\r\n\r\n$/.test(tail)) break;
  }
  expect(length).toBeGreaterThan(size);
  expect(tail).toMatch(/\{end\}\r\n0\r\n\r\nHTTP\/1\.1 101 /);
  await talks(socket);
  other.destroy();
});

test("fault 174: a page that is not begun within the handshake's deadline costs the client both, by 400", async () => {
  const never = noting(() => new Promise(() => {}));
  const server = await serve(never.application, { port: 0, acceptTimeout: 50, closeTimeout: 50 });
  expect(readAnswer(await exchange(portOf(server), get + handshake("/ws")))).toMatchObject({
    status: 400,
    responses: 1,
    body: "",
  });
  await server.close({ grace: 50 });
  const { port, paths, stop } = await shared(() => {}, { acceptTimeout: 50 });
  expect(await exchange(port, get + handshake("/ws"))).toMatch(/^HTTP\/1\.1 400 /);
  expect([...paths, ...never.paths]).toEqual([]);
  await stop();
});

test("fault 174: a page that is begun by the deadline is not cut in two: 400 follows it, and no application is called", async () => {
  const { opened, open } = gate();
  const { port, paths, stop } = await shared(
    async (request, response) => {
      if (request.url === "/never") return;
      response.setHeader("content-length", "8").flushHeaders();
      await opened;
      response.end("complete");
    },
    { acceptTimeout: 20 },
  );
  const socket = await dial(port);
  socket.write(get + handshake("/ws"));
  await readUntil(socket, "\r\n\r\n");
  // One that came later and whose page never begins is refused at its deadline: the first one's is over as well.
  expect(await exchange(port, get.replace("/page", "/never") + handshake("/ws"))).toMatch(/^HTTP\/1\.1 400 /);
  open();
  expect(await readUntil(socket, "400 Bad Request")).toMatch(/^completeHTTP\/1\.1 400 /);
  expect(paths).toEqual([]);
  socket.destroy();
  await stop();
});

test("fault 174: what else must not overtake a response: a refusal, 404, CONNECT, another protocol", async () => {
  const behind = [
    [handshake().replace("Version: 13", "Version: 8"), 426],
    [`CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n`, 405],
    ["GET /2 HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n", 200],
  ] as const;
  for (const [text, status] of behind) {
    const { opened, open } = gate();
    const { application } = noting(pageAfter(opened));
    await using server = await serve(application, { port: 0, closeTimeout: 50 });
    const answer = exchange(portOf(server), get + text);
    expect(await exchange(portOf(server), handshake("//"))).toMatch(/^HTTP\/1\.1 400 /);
    open();
    expect((await answer).match(/HTTP\/1\.1 (\d+)/g)).toEqual(["HTTP/1.1 200", `HTTP/1.1 ${status}`]);
  }
  const { opened, open } = gate();
  const { port, stop } = await shared(
    (_request, response) => void opened.then(() => response.end("theirs")),
    {
      paths: ["/ws"],
    },
  );
  const answer = exchange(port, get + handshake("/elsewhere"));
  expect(await exchange(port, handshake("/elsewhere"))).toMatch(/^HTTP\/1\.1 404 /);
  open();
  expect((await answer).match(/HTTP\/1\.1 (\d+)/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404"]);
  await stop();
});

test("fault 174: a page that nobody reads is cut off in its time, whatever is pipelined behind it", async () => {
  const { application, paths } = noting(pageAfter(Promise.resolve(), 16 * 1_048_576));
  await using server = await serve(application, { port: 0, sendTimeout: 100, closeTimeout: 100 });
  const socket = await dial(portOf(server));
  socket.pause();
  socket.write(get + handshake("/ws"));
  const other = await dial(portOf(server));
  other.write(handshake("/other"));
  await readUntil(other, "\r\n\r\n");
  // It is read only after its server has let it go, long before the grace is over, which is longer than a test may take.
  await server.close({ grace: 600_000 });
  let length = 0;
  for await (const chunk of socket) length += (chunk as Buffer).length;
  expect(length).toBeLessThan(16 * 1_048_576);
  expect(paths).toEqual(["/other"]);
  other.destroy();
});

test("fault 174: a response that ends the connection ends the handshake with it", async () => {
  const { port, paths, stop } = await shared((_request, response) => {
    setImmediate(() => response.setHeader("connection", "close").end("bye"));
  });
  expect(await exchange(port, get + handshake("/ws"))).toMatch(/^HTTP\/1\.1 200 [\s\S]*bye$/);
  expect(paths).toEqual([]);
  await stop();
});

test("fault 174: a client that leaves meanwhile is forgotten, and a shutdown waits no longer than its grace", async () => {
  const { application, paths } = noting(() => new Promise(() => {}));
  const server = await serve(application, { port: 0, closeTimeout: 50 });
  const lost = await dial(portOf(server));
  lost.write(get + handshake("/ws"));
  const held = await dial(portOf(server));
  held.write(get + handshake("/ws"));
  expect(await exchange(portOf(server), handshake("//"))).toMatch(/^HTTP\/1\.1 400 /);
  lost.resetAndDestroy();
  const closed = once(held.resume(), "close");
  await server.close({ grace: 50 });
  await closed;
  expect(paths).toEqual([]);
});

test("fault 174: at a shutdown the response is completed, and the handshake behind it gets 503", async () => {
  const { opened, open } = gate();
  const { application, paths } = noting(pageAfter(opened));
  const server = await serve(application, { port: 0, closeTimeout: 50 });
  const answer = exchange(portOf(server), get + handshake("/ws"));
  expect(await exchange(portOf(server), handshake("//"))).toMatch(/^HTTP\/1\.1 400 /);
  const closing = server.close();
  open();
  expect((await answer).match(/HTTP\/1\.1 (\d+)/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 503"]);
  await closing;
  expect(paths).toEqual([]);
});
