import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once as first } from "node:events";
import type { Socket } from "node:net";
import { ConnectionClosed } from "@ws/events";
import { expect, test } from "vitest";
import { certificate } from "../../certificate.fixture.js";
import { dial, echo, exchange, handshake, KeptLog, portOf, readUntil } from "../../raw.fixture.js";
import { type Server, serve } from "../../serve.js";
import {
  ask,
  changed,
  Noting,
  once,
  readAnswer,
  short,
  untilDisconnect,
  withLines,
} from "../handshake.fixture.js";

const lost = { type: "websocket.disconnect", code: 1006 };

/** Whether the server still takes a handshake, and forgot the last one. */
async function isWell(server: Server): Promise<boolean> {
  const { status } = readAnswer(await exchange(portOf(server), handshake()));
  return status === 101 && server.connections === 0;
}

/** The server's end of the next connection. */
function nextServerSocket(): Promise<Socket> {
  return new Promise((resolve) => {
    const take = (message: unknown): void => {
      unsubscribe("net.server.socket", take);
      resolve((message as { readonly socket: Socket }).socket);
    };
    subscribe("net.server.socket", take);
  });
}

test("fault 16: a head of 17,000 bytes gets 431", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  expect((await ask(server, withLines(`X-A: ${"a".repeat(17_000)}`))).status).toBe(431);
  expect(noting.scopes).toEqual([]);
});

test("fault 17: 2,500 header lines get 431: a list that was cut is never read", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  expect((await ask(server, withLines(...Array<string>(2_500).fill("a: b")))).status).toBe(431);
  expect(noting.scopes).toEqual([]);
});

test("fault 18: a proxy's line behind 1,000 others is not lost unnoticed: 431, and 128 lines come whole", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  const junk = Array<string>(1_000).fill("a: b");
  expect((await ask(server, withLines(...junk, "X-Forwarded-For: 1.2.3.4"))).status).toBe(431);
  const some = junk.slice(0, 122);
  expect((await ask(server, withLines(...some, "X-Last: 1"))).status).toBe(101);
  expect((await ask(server, withLines(...some, "X-Last: 1", "X-Over: 1"))).status).toBe(431);
  expect(noting.scopes.map(({ headers }) => headers.at(-1))).toEqual([["x-last", "1"]]);
});

test("fault 19: a head that comes byte by byte gets 408 at headersTimeout", async () => {
  await using server = await serve(echo, { ...short, headersTimeout: 50 });
  const socket = await dial(portOf(server));
  const head = handshake();
  let sent = 0;
  const drip = setInterval(() => socket.write(head.charAt(sent++)), 5);
  const answer = await readUntil(socket, "\r\n\r\n");
  clearInterval(drip);
  expect(readAnswer(answer).status).toBe(408);
  expect(sent).toBeLessThan(head.length);
});

test("fault 20: a connection that says nothing is closed at headersTimeout", async () => {
  await using server = await serve(echo, { ...short, headersTimeout: 50 });
  expect(readAnswer(await exchange(portOf(server), "")).status).toBe(408);
});

test("fault 20: one that does not even agree on TLS is closed as well", async () => {
  await using server = await serve(echo, { ...short, headersTimeout: 50, tls: certificate });
  expect(await exchange(portOf(server), "")).toBe("");
});

test("fault 21: an application that never answers: 503 at acceptTimeout, and it is told", async () => {
  const { application, outcome } = once((_send, receive) => untilDisconnect(receive));
  await using server = await serve(application, { ...short, acceptTimeout: 20 });
  expect(await ask(server, handshake())).toMatchObject({ status: 503, responses: 1 });
  expect((await outcome).result).toMatchObject({ ...lost, reason: "accept timeout" });
});

test("fault 22: what floods in before the answer is held up to 64 KiB and two chunks, then the peer is paused", async () => {
  let accept = (): void => {};
  const mayAccept = new Promise<void>((resolve) => {
    accept = resolve;
  });
  const messages = 2_000;
  const { application, outcome } = once(async (send, receive) => {
    await mayAccept;
    await send({ type: "websocket.accept" });
    let bytes = 0;
    await receive();
    for (let count = 0; count < messages; count += 1) {
      const event = await receive();
      bytes += event.type === "websocket.receive" ? (event.bytes?.length ?? 0) : 0;
    }
    return bytes;
  });
  await using server = await serve(application, short);
  const accepted = nextServerSocket();
  const client = await dial(portOf(server));
  const serverSocket = await accepted;
  const frame = Buffer.concat([Buffer.from([0x82, 0xfe, 4, 0, 0, 0, 0, 0]), Buffer.alloc(1_024)]);
  client.write(handshake());
  client.write(Buffer.concat(Array<Buffer>(messages).fill(frame)));
  await expect.poll(() => serverSocket.isPaused(), { interval: 5 }).toBe(true);
  // One chunk crosses our mark, and one more is in Node's own buffer when it stops reading.
  const held = serverSocket.bytesRead;
  accept();
  expect((await outcome).result).toBe(messages * 1_024);
  expect(held).toBeLessThanOrEqual(3 * 65_536 + handshake().length);
  client.destroy();
});

test("fault 23: above maxPendingHandshakes a handshake gets 503 with Retry-After, and then not any more", async () => {
  const { application, outcome } = once((_send, receive) => untilDisconnect(receive));
  await using server = await serve(application, { ...short, maxPendingHandshakes: 2 });
  const held = [await dial(portOf(server)), await dial(portOf(server))];
  for (const socket of held) socket.write(handshake());
  await expect
    .poll(() => ask(server, handshake()).then(({ status, headers }) => [status, headers.get("retry-after")]))
    .toEqual([503, "1"]);
  for (const socket of held) socket.destroy();
  await outcome;
  expect((await ask(server, changed("Version: 13", "Version: 8"))).status).toBe(426);
});

test("fault 24: a client that leaves before the answer: disconnect 1006, accept rejects, all is forgotten", async () => {
  const logger = new KeptLog();
  let connections = 0;
  const { application, outcome } = once(async (send, receive) => {
    connections += 1;
    if (connections > 1) return send({ type: "websocket.accept" });
    expect(await receive()).toEqual({ type: "websocket.connect" });
    expect(await receive()).toMatchObject(lost);
    await send({ type: "websocket.accept" });
    return undefined;
  });
  await using server = await serve(application, { ...short, logger });
  const client = await dial(portOf(server));
  client.end(handshake());
  const { result } = await outcome;
  expect(result).toBeInstanceOf(ConnectionClosed);
  expect(result).toMatchObject({ code: 1006, initiator: "network" });
  expect(await isWell(server)).toBe(true);
  expect(logger.of("error")).toEqual([]);
});

test("fault 25: a reset before the answer is the same, and ends no process", async () => {
  let called = (): void => {};
  const isCalled = new Promise<void>((resolve) => {
    called = resolve;
  });
  let connections = 0;
  const { application, outcome } = once(async (send, receive) => {
    connections += 1;
    if (connections > 1) return send({ type: "websocket.accept" });
    await receive();
    called();
    expect(await receive()).toMatchObject(lost);
    return await send({ type: "websocket.accept" });
  });
  await using server = await serve(application, short);
  const client = await dial(portOf(server));
  client.write(handshake());
  await isCalled;
  client.resetAndDestroy();
  await first(client, "close");
  expect((await outcome).result).toBeInstanceOf(ConnectionClosed);
  expect(await isWell(server)).toBe(true);
});

test("fault 50: a folded line, a bare LF or CR and a space before the colon get 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const line of [
    "X-A: a\r\n b",
    "X-A: a\nX-B: b",
    "X-A: a\rX-B: b",
    "X-A : a",
    " X-A: a",
    "X-A",
    ": a",
  ]) {
    expect((await ask(server, withLines(line))).status).toBe(400);
  }
  expect((await ask(server, handshake().replaceAll("\r\n", "\n"))).status).toBe(400);
  expect(noting.scopes).toEqual([]);
});

test("fault 51: a head whose end is not CR LF gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const end of ["\rX", "\rXhello: x\r\n\r\n", "\n"]) {
    expect((await ask(server, `${handshake().slice(0, -2)}${end}`)).status).toBe(400);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 52: a handshake with a body gets 400, and no byte of it is read as a frame", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  const bodies = [
    [withLines("Content-Length: 5"), "hello"],
    [withLines("Transfer-Encoding: chunked"), "5\r\nhello\r\n0\r\n\r\n"],
    [withLines("Content-Length: 5", "Transfer-Encoding: chunked"), "hello"],
    [withLines("Content-Length: 5", "Content-Length: 6"), "hello"],
    [withLines("Content-Length: -1"), ""],
  ];
  for (const [head, body] of bodies) {
    expect(await ask(server, `${head}${body}`)).toMatchObject({ status: 400, responses: 1, body: "" });
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 53: after a handshake that failed the second request in the pipe is never served", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  const bad = handshake().replace("Version: 13", "Version: 8");
  const answer = await ask(server, `${bad}GET /second HTTP/1.1\r\nHost: h\r\n\r\n${handshake("/third")}`);
  expect(answer).toMatchObject({ status: 426, responses: 1, body: "" });
  expect(answer.headers.get("connection")).toBe("close");
  expect(noting.scopes).toEqual([]);
});
