import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import type { Application, HttpScope } from "@ws/events";
import { afterEach, expect, test } from "vitest";
import { attach } from "../../attach.js";
import { certificate } from "../../certificate.fixture.js";
import { dial, echo, exchange, handshake, portOf, readUntil } from "../../raw.fixture.js";
import { type Server, serve } from "../../serve.js";
import { readAnswer } from "../handshake.fixture.js";

const h2c = [
  "Connection: Upgrade, HTTP2-Settings",
  "Upgrade: h2c",
  "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
];

/** A request as text; it asks to upgrade to HTTP/2 as curl and Java do. */
function request(start: string, lines: readonly string[] = [], body = ""): string {
  return [`${start} HTTP/1.1`, "Host: localhost", ...h2c, ...lines, "", body].join("\r\n");
}

/** What an answer says of the request that it answers. */
interface Told {
  readonly method: string;
  readonly path: string;
  readonly upgrade: string | undefined;
  readonly client: string | undefined;
  readonly isSecure: boolean;
  readonly body: string;
}

async function bodyOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  const body = Buffer.concat(all);
  return body.length > 1_000 ? `${body.length} bytes` : String(body);
}

/** A page and an echo: HTTP requests are told what they were, WebSockets have their messages back. */
const site: Application = async (scope, receive, send) => {
  if (scope.type !== "http") return await echo(scope, receive, send);
  const told: Told = { ...of(scope), body: await bodyOf(parts(receive)) };
  await send({ type: "http.response.start", status: 200 });
  await send({ type: "http.response.body", body: Buffer.from(JSON.stringify(told)) });
};

function of({ method, path, headers, client, scheme }: HttpScope): Omit<Told, "body"> {
  const upgrade = headers.find(([name]) => name === "upgrade")?.[1];
  return { method, path, upgrade, client: client?.host, isSecure: scheme === "https" };
}

async function* parts(receive: Parameters<Application>[1]): AsyncGenerator<Uint8Array> {
  for (let more = true; more; ) {
    const event = await receive();
    if (event.type !== "http.request") return;
    yield event.body ?? new Uint8Array();
    more = event.moreBody ?? false;
  }
}

/** The same as a listener of Node's. */
function page(incoming: IncomingMessage, response: ServerResponse): void {
  // A client that leaves amid its body is no failure of a test.
  answer(incoming, response).catch(() => {});
}

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url: path = "", headers, socket } = incoming;
  const told: Told = {
    method,
    path,
    upgrade: headers.upgrade,
    client: socket.remoteAddress,
    isSecure: "encrypted" in socket,
    body: await bodyOf(incoming),
  };
  response.end(JSON.stringify(told));
}

const open: HttpServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close().closeAllConnections();
});

async function listening(httpServer: HttpServer = createServer(page)): Promise<number> {
  httpServer.listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  open.push(httpServer);
  return (httpServer.address() as AddressInfo).port;
}

/** Runs `use` against `serve`, and against a server that `attach` shares: alone, and beside a listener that takes nothing. */
async function everywhere(use: (port: number) => Promise<void>): Promise<void> {
  const server = await serve(site, { port: 0, closeTimeout: 50 });
  await use(portOf(server));
  await server.close();
  for (const others of [0, 1]) {
    const httpServer = createServer(page);
    for (let index = 0; index < others; index += 1) {
      httpServer.on("upgrade", (_request, socket) => void socket.on("error", () => {}));
    }
    const port = await listening(httpServer);
    const attached = attach(httpServer, echo, { closeTimeout: 50 });
    await attached.ready;
    await use(port);
    await attached.close();
    const closed = once(httpServer, "close");
    httpServer.close();
    await closed;
  }
}

function read(answer: string): Told {
  const { status, body } = readAnswer(answer);
  expect([status, answer]).toEqual([200, answer]);
  return JSON.parse(body);
}

test("fault 172: a request that asks for another protocol is answered as the request that it is, by any method", async () => {
  await everywhere(async (port) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) {
      const answer = await exchange(port, request(`${method} /page`, ["Connection: close"]));
      expect(read(answer)).toEqual({
        method,
        path: "/page",
        upgrade: "h2c",
        client: "127.0.0.1",
        isSecure: false,
        body: "",
      });
    }
    const head = await exchange(port, request("HEAD /page", ["Connection: close"]));
    expect(readAnswer(head)).toMatchObject({ status: 200, body: "" });
  });
});

test("fault 172: whatever the other protocol is, and wherever the option to upgrade stands", async () => {
  const asks = [
    ["Connection: Upgrade", "Upgrade: TLS/1.0, HTTP/2.0"],
    ["connection: close,  UPGRADE ,x", "Upgrade: IRC/6.9"],
    ["Connection: x", "Connection: upgrade", "Upgrade: foo", "Upgrade: bar"],
    ["Proxy-Connection: Upgrade", "Upgrade: h2c"],
    ["Connection: Upgrade", "Upgrade: web"],
  ];
  await everywhere(async (port) => {
    for (const lines of asks) {
      const text = ["GET /x HTTP/1.1", "Host: localhost", ...lines, "Connection: close", "", ""].join("\r\n");
      expect(read(await exchange(port, text))).toMatchObject({ method: "GET", path: "/x" });
    }
    const old = "GET /old HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    expect(read(await exchange(port, old))).toMatchObject({ path: "/old" });
  });
});

test("fault 172: its body is read, of a known length or in chunks, whole or in parts, after 100 Continue where it asks", async () => {
  await everywhere(async (port) => {
    const close = "Connection: close";
    const known = request("POST /a", ["Content-Length: 5", close], "hello");
    expect(read(await exchange(port, known)).body).toBe("hello");
    const chunks = "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n";
    const chunked = request("PUT /b", ["Transfer-Encoding: chunked", close], chunks);
    expect(read(await exchange(port, chunked)).body).toBe("hello");
    const socket = await dial(port);
    socket.write(request("POST /c", ["Content-Length: 4", "Expect: 100-continue", close]));
    expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 100 /);
    socket.write("bo");
    socket.write("dy");
    expect(read(await readUntil(socket, "}")).body).toBe("body");
    socket.destroy();
  });
});

test("fault 172: a body of many megabytes comes whole", async () => {
  const size = 8 * 1_048_576;
  await everywhere(async (port) => {
    const socket = await dial(port);
    socket.write(request("POST /big", [`Content-Length: ${size}`, "Connection: close"]));
    for (let sent = 0; sent < size; sent += 65_536) {
      if (!socket.write(Buffer.alloc(65_536, "x"))) await once(socket, "drain");
    }
    expect(read(await readUntil(socket, "}")).body).toBe(`${size} bytes`);
    socket.destroy();
  });
});

test("fault 172: its connection stays: requests that follow, in the pipe too, are answered in order, and a WebSocket opens", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  await everywhere(async (port) => {
    const socket = await dial(port);
    socket.write(
      request("POST /1", ["Content-Length: 2"], "hi") +
        request("GET /2") +
        "GET /3 HTTP/1.1\r\nHost: localhost\r\n\r\n" +
        request("POST /4", ["Transfer-Encoding: chunked"], "2\r\nho\r\n0\r\n\r\n"),
    );
    const first = await readUntil(socket, '"/4"');
    expect([...first.matchAll(/"path":"(\/\d)"/g)].map(([, path]) => path)).toEqual(["/1", "/2", "/3", "/4"]);
    for (let index = 5; index < 9; index += 1) {
      socket.write(request(`POST /${index}`, ["Content-Length: 4"], "body"));
      expect(await readUntil(socket, "}")).toContain(`"/${index}"`);
    }
    socket.write(handshake());
    expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 101 /);
    socket.destroy();
  });
  process.off("warning", onWarning);
  // Such as one of too many listeners.
  expect(warnings).toEqual([]);
});

test("fault 172: beside other listeners, which leave theirs on the socket, a connection ends after eight such requests", async () => {
  const httpServer = createServer(page);
  httpServer.on("upgrade", (_request, socket) => void socket.on("error", () => {}));
  const port = await listening(httpServer);
  await using attached = attach(httpServer, echo);
  await attached.ready;
  const socket = await dial(port);
  for (let index = 1; index <= 8; index += 1) {
    socket.write(request(`GET /${index}`));
    expect(/^connection: close/im.test(await readUntil(socket, "}"))).toBe(index === 8);
  }
  await new Promise((resolve) => socket.resume().once("close", resolve));
});

test("fault 172: alone, a connection may ask as often as it likes", async () => {
  await using server = await serve(site, { port: 0 });
  const socket = await dial(portOf(server));
  for (let index = 1; index <= 20; index += 1) {
    socket.write(request(`GET /${index}`));
    expect(await readUntil(socket, "}")).not.toMatch(/^connection: close/im);
  }
  socket.destroy();
});

test("fault 172: behind a proxy that speaks the PROXY protocol its header is read once, and its client stays", async () => {
  const options = { port: 0, proxyProtocol: true, trustedProxies: ["127.0.0.1"], closeTimeout: 50 };
  for (const tls of [undefined, certificate]) {
    await using server = await serve(site, { ...options, tls });
    const socket = await dial(portOf(server));
    socket.write("PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n");
    const client =
      tls === undefined ? socket : connectTls({ socket, ca: certificate.cert, servername: "localhost" });
    for (const path of ["/1", "/2"]) {
      client.write(request(`POST ${path}`, ["Content-Length: 2"], "hi"));
      const told = read(await readUntil(client, "}"));
      expect(told).toMatchObject({ path, body: "hi", client: "192.0.2.1" });
    }
    client.destroy();
  }
});

test("fault 172: over TLS too, where the request is as secure as any", async () => {
  const shared = createTlsServer(certificate, page);
  const port = await listening(shared);
  await using attached = attach(shared, echo);
  await attached.ready;
  await using server = await serve(site, { port: 0, tls: certificate });
  for (const each of [port, portOf(server)]) {
    const socket = connectTls({
      port: each,
      host: "127.0.0.1",
      ca: certificate.cert,
      servername: "localhost",
    });
    await once(socket, "secureConnect");
    socket.write(request("POST /tls", ["Content-Length: 3", "Connection: close"], "abc"));
    const told = read(await readUntil(socket, "}"));
    expect(told).toMatchObject({ body: "abc", isSecure: true, client: "127.0.0.1" });
    socket.destroy();
  }
});

test("fault 172: another listener that takes it has it, at once or a little later", async () => {
  for (const delay of [0, 100]) {
    const httpServer = createServer(page);
    httpServer.on("upgrade", (incoming, socket) => {
      if (incoming.headers.upgrade !== "theirs") return;
      const take = (): void =>
        void socket.write("HTTP/1.1 101 Theirs\r\nConnection: Upgrade\r\nUpgrade: theirs\r\n\r\n");
      if (delay === 0) take();
      else setTimeout(take, delay);
    });
    const port = await listening(httpServer);
    await using attached = attach(httpServer, echo);
    await attached.ready;
    const socket = await dial(port);
    socket.write("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: theirs\r\n\r\n");
    expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 101 Theirs/);
    // Nothing follows by the time at which it would have been answered.
    expect(read(await exchange(port, request("GET /later", ["Connection: close"]))).path).toBe("/later");
    expect(socket.read()).toBeNull();
    socket.destroy();
  }
});

test("fault 172: the server's own events come as they would: checkContinue, clientError, its limits and its end", async () => {
  const httpServer = createServer(
    { requestTimeout: 150, headersTimeout: 150, connectionsCheckingInterval: 20 },
    page,
  );
  const events: string[] = [];
  httpServer.on("checkContinue", (_incoming, response) => {
    events.push("checkContinue");
    response.writeHead(417).end();
  });
  const port = await listening(httpServer);
  await using attached = attach(httpServer, echo);
  await attached.ready;
  const socket = await dial(port);
  socket.write(request("POST /", ["Content-Length: 2", "Expect: 100-continue"]));
  expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 417 /);
  socket.destroy();
  expect(events).toEqual(["checkContinue"]);
  const slow = await exchange(port, request("POST /", ["Content-Length: 5"], "he"));
  expect(slow).toMatch(/^HTTP\/1\.1 408 /);
  httpServer.on("clientError", (_error, broken) => void broken.end("HTTP/1.1 400 Theirs\r\n\r\n"));
  const bad = request("POST /", ["Transfer-Encoding: chunked"], "x\r\n");
  expect(await exchange(port, bad)).toMatch(/^HTTP\/1\.1 400 Theirs/);
});

test("fault 172: closeAllConnections ends it, and a server that shuts down waits for its answer", async () => {
  const httpServer = createServer(() => {});
  const port = await listening(httpServer);
  await using attached = attach(httpServer, echo);
  await attached.ready;
  const arrived = once(httpServer, "request");
  const socket = await dial(port);
  socket.write(request("GET /never"));
  await arrived;
  const closed = Promise.all([once(httpServer, "close"), once(socket.resume(), "close")]);
  httpServer.close();
  httpServer.closeAllConnections();
  await closed;

  let answer = (): void => {};
  const called = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const slow: Application = async (scope, receive, send) => {
    if (scope.type !== "http") return await echo(scope, receive, send);
    answer();
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    await send({ type: "http.response.start", status: 200 });
    await send({ type: "http.response.body", body: Buffer.from("{done}") });
  };
  const server: Server = await serve(slow, { port: 0 });
  const client: Socket = await dial(portOf(server));
  client.write(request("GET /slow"));
  await called;
  const closing = server.close();
  answer();
  expect(await readUntil(client, "{done}")).toMatch(/^HTTP\/1\.1 200 /);
  await closing;
  client.destroy();
});

test("fault 172: one of more header lines than Node keeps gets 431, since its length could be among those it dropped", async () => {
  const httpServer = createServer(page);
  httpServer.maxHeadersCount = 10;
  const port = await listening(httpServer);
  await using attached = attach(httpServer, echo, { closeTimeout: 50 });
  await attached.ready;
  const lines = Array.from({ length: 10 }, (_, index) => `X-${index}: 1`);
  const answer = await exchange(
    port,
    request("POST /", [...lines, "Content-Length: 30"], "GET /evil HTTP/1.1\r\nHost: h\r\n\r\n"),
  );
  expect(readAnswer(answer)).toMatchObject({ status: 431, responses: 1, body: "" });
});

test("fault 172: a client that is gone, or that has ended its stream, before it is decided costs nothing", async () => {
  const httpServer = createServer(page);
  httpServer.on("upgrade", () => {});
  const port = await listening(httpServer);
  await using attached = attach(httpServer, echo);
  await attached.ready;
  const gone = once(httpServer, "connection");
  const lost = await dial(port);
  const upgraded = once(httpServer, "upgrade");
  lost.write(request("GET /"));
  const [serverSide] = await gone;
  await upgraded;
  const closed = new Promise((resolve) => (serverSide as Socket).once("close", resolve));
  lost.resetAndDestroy();
  await closed;
  expect(await exchange(port, request("GET /", ["Connection: close"]))).toMatch(/^HTTP\/1\.1 200 /);
  const ended = await dial(port);
  ended.end(request("GET /"));
  await once(ended.resume(), "close");
});

const run = promisify(execFile);

/** Whether curl is there to be asked; the tests are for a curl that speaks HTTP/2. */
async function curl(...parameters: readonly string[]): Promise<string> {
  const { stdout } = await run("curl", ["--silent", "--show-error", "--max-time", "20", ...parameters]);
  return stdout;
}

test("fault 172: curl --http2 gets its answer, for a page and for a form", async () => {
  await everywhere(async (port) => {
    const url = `http://127.0.0.1:${port}/curl`;
    expect(JSON.parse(await curl("--http2", url))).toMatchObject({ method: "GET", path: "/curl" });
    const [first, second] = (
      await curl("--http2", "--data", "a=b", url, "--next", "--silent", "--http2", url)
    ).split("}{");
    expect(first).toContain('"body":"a=b"');
    expect(second).toContain('"method":"GET"');
    const status = ["--output", "/dev/null", "--write-out", "%{http_code}"];
    expect(await curl("--http2", "--request", "DELETE", ...status, url)).toBe("200");
  });
});
