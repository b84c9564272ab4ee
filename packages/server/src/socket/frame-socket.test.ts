import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { duplexPair } from "node:stream";
import { deflateRawSync } from "node:zlib";
import type { ConnectionClosed } from "@ws/events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { attach } from "../attach.js";
import { defaults } from "../options/resolve-options.js";
import { systemClock } from "../platform/system-clock.js";
import { dial, echo, handshake, portOf, readUntil, webSocket } from "../raw.fixture.js";
import { type Server, serve } from "../serve.js";
import { PendingSocket } from "./pending-socket.js";
import { SocketHandshake } from "./socket-handshake.js";
import { socketSettings } from "./socket-settings.js";

/** A masked frame with a zero mask; its payload is shorter than 126 bytes. */
function frame(first: number, payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([Buffer.from([first, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}

/** A socket whose handshake was accepted. */
async function accepted(server: Server, lines: readonly string[] = []): Promise<Socket> {
  const socket = await dial(portOf(server));
  socket.write(handshake("/", lines));
  expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 101 /);
  return socket;
}

/** Resolves when `read` gives the same for a hundred turns of the event loop. */
async function standstill(read: () => number): Promise<void> {
  for (let last = read(), same = 0; same < 100; same = read() === last ? same + 1 : 0) {
    last = read();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** An application that tells how its connection ended, and what came before. */
function ending(): { application: typeof echo; end: Promise<ConnectionClosed>; texts: unknown[] } {
  let tell: (error: ConnectionClosed) => void = () => {};
  const end = new Promise<ConnectionClosed>((resolve) => {
    tell = resolve;
  });
  const texts: unknown[] = [];
  const application = webSocket(async (scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    for (;;) {
      const event = await receive();
      if (event.type !== "websocket.receive") break;
      texts.push(event.text);
    }
    tell(scope.extensions["websocket.disconnect"]?.signal.reason);
  });
  return { application, end, texts };
}

describe("the end", () => {
  test("the peer's close frame ends the connection at once, not when its socket closes", async () => {
    const { application, end } = ending();
    await using server = await serve(application, { port: 0 });
    const socket = await accepted(server);
    socket.write(frame(0x88, Buffer.concat([Buffer.from([0x0f, 0xa1]), Buffer.from("bye")])));
    expect(await end).toMatchObject({ code: 4_001, reason: "bye", wasClean: true, initiator: "client" });
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  test("what was sent in the same turn goes out before the answer to the peer's close", async () => {
    const application = webSocket(async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      await receive();
      void send({ type: "websocket.send", text: "last" });
      await receive();
    });
    await using server = await serve(application, { port: 0 });
    const socket = await accepted(server);
    socket.write(Buffer.concat([frame(0x81, "x"), frame(0x88, "")]));
    const read = await readUntil(socket, "\x88\x00");
    expect(read.includes("last") ? read : "\x81\x04last\x88\x00").toBe("\x81\x04last\x88\x00");
    socket.destroy();
  });

  test("a stream that ends without a close frame is noticed at once; a partial message is dropped", async () => {
    const { application, end, texts } = ending();
    await using server = await serve(application, { port: 0 });
    const socket = await accepted(server);
    socket.end(Buffer.concat([frame(0x81, "whole"), frame(0x81, "partial").subarray(0, 8)]));
    expect(await end).toMatchObject({ code: 1006, reason: "", wasClean: false, initiator: "network" });
    expect(texts).toEqual(["whole"]);
  });

  test("a reset is noticed as well", async () => {
    const { application, end } = ending();
    await using server = await serve(application, { port: 0 });
    const socket = await accepted(server);
    socket.resetAndDestroy();
    expect(await end).toMatchObject({ code: 1006, initiator: "network" });
  });
});

describe("a breach of the protocol", () => {
  const breaches: readonly (readonly [name: string, bytes: Buffer, code: number, reason: RegExp])[] = [
    ["an unmasked frame", Buffer.from([0x81, 0x01, 0x61]), 1002, /MASK must be set/],
    ["bad UTF-8", frame(0x81, Buffer.from([0xc3])), 1007, /invalid UTF-8/],
    [
      "a message that is too big",
      Buffer.from([0x82, 0xfe, 0xff, 0xff, 0, 0, 0, 0]),
      1009,
      /Max payload size exceeded/,
    ],
  ];

  test.each(breaches)(
    "%s is closed with its code, and the disconnect says what it was",
    async (_name, bytes, code, reason) => {
      const { application, end } = ending();
      await using server = await serve(application, { port: 0, maxPayload: 1_000 });
      const socket = await accepted(server);
      socket.write(bytes);
      const answer = Buffer.from(await readUntil(socket, "\x88\x02"), "latin1");
      expect(answer.readUInt16BE(2)).toBe(code);
      expect(await end).toMatchObject({ code: 1006, wasClean: false, initiator: "server" });
      expect((await end).reason).toMatch(reason);
      socket.destroy();
    },
  );
});

describe("the answer to the handshake", () => {
  test("has the subprotocol and the headers of the application, in latin-1, and no subprotocol where it names none", async () => {
    const application = webSocket(async ({ path }, receive, send) => {
      await receive();
      const headers = [["X-Own", "é"]] as const;
      await send(
        path === "/b"
          ? { type: "websocket.accept", subprotocol: "b", headers }
          : { type: "websocket.accept" },
      );
      await receive();
    });
    await using server = await serve(application, { port: 0 });
    const answerTo = async (target: string): Promise<string> => {
      const socket = await dial(portOf(server));
      socket.write(handshake(target, ["Sec-WebSocket-Protocol: a, b"]));
      const answer = await readUntil(socket, "\r\n\r\n");
      socket.destroy();
      return answer;
    };
    expect(await answerTo("/b")).toMatch(/Sec-WebSocket-Protocol: b\r\nx-own: é\r\n/);
    expect(await answerTo("/none")).not.toMatch(/-Protocol|x-own/);
  });

  test("can't be given to a socket that was destroyed a moment ago", async () => {
    const [near] = duplexPair();
    const pending = new PendingSocket(near, Buffer.alloc(0), systemClock, 1_000);
    const handshake = new SocketHandshake(pending, [], socketSettings(defaults));
    near.destroy();
    expect(handshake.buffered).toBe(Number.POSITIVE_INFINITY);
    expect(handshake.accept(undefined, [])).toBeUndefined();
  });
});

describe("an application that does not receive", () => {
  test("pauses its peer, and lets it go on when it does", async () => {
    let go!: () => void;
    const may = new Promise<void>((resolve) => {
      go = resolve;
    });
    let taken = 0;
    const application = webSocket(async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      await may;
      while ((await receive()).type === "websocket.receive") taken += 1;
    });
    await using server = await serve(application, { port: 0, receiveQueue: { messages: 4, bytes: 65_536 } });
    const client = new WebSocket(server.url.replace("http", "ws"));
    await once(client, "open");
    const count = 400;
    for (let index = 0; index < count; index += 1) client.send(new Uint8Array(65_536));
    // More than the kernel's buffers hold: what is left over, the peer keeps.
    await standstill(() => client.bufferedAmount);
    expect(client.bufferedAmount).toBeGreaterThan(0);
    go();
    await expect.poll(() => client.bufferedAmount).toBe(0);
    client.close();
    await once(client, "close");
    expect(taken).toBe(count);
  });
});

describe("a denial in parts", () => {
  test("goes out as fast as the client reads", async () => {
    let sent = 0;
    const application = webSocket(async (_scope, _receive, send) => {
      await send({ type: "websocket.http.response.start", status: 403 });
      for (; sent < 200; sent += 1) {
        const body = new Uint8Array(65_536);
        await send({ type: "websocket.http.response.body", body, moreBody: true });
      }
      await send({ type: "websocket.http.response.body" });
    });
    await using server = await serve(application, { port: 0, sendBuffer: 0 });
    const socket = await dial(portOf(server));
    socket.write(handshake());
    await standstill(() => sent);
    expect(sent).toBeLessThan(200);
    let bytes = 0;
    for await (const chunk of socket) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(200 * 65_536);
  });
});

describe("between upgrade and accept", () => {
  test("a client that left meanwhile makes accept reject", async () => {
    const results: unknown[] = [];
    const application = webSocket(async (_scope, receive, send) => {
      await receive();
      const { code } = (await receive()) as { code: number };
      results.push(code, await send({ type: "websocket.accept" }).catch((error) => error.name));
    });
    await using server = await serve(application, { port: 0 });
    const socket = await dial(portOf(server));
    socket.end(handshake());
    await expect.poll(() => results).toEqual([1006, "ConnectionClosed"]);
  });
});

describe("over a duplex in memory", () => {
  test("signs of life are counted, though such a socket does not count its bytes", async () => {
    const httpServer = createServer();
    await using attached = attach(httpServer, echo, { pingInterval: 10, pingTimeout: 10 });
    await attached.ready;
    const [near, far] = duplexPair();
    httpServer.emit("connection", far);
    const client = new WebSocket("ws://localhost/", { createConnection: (() => near) as never });
    for (let count = 0; count < 4; count += 1) await once(client, "ping");
    client.close(4_000);
    expect((await once(client, "close"))[0]).toBe(4_000);
  });
});

describe("with permessage-deflate", () => {
  const deflate = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover";

  test("messages come and go compressed, in order, whatever their size", async () => {
    await using server = await serve(echo, { port: 0, perMessageDeflate: true });
    const client = new WebSocket(server.url.replace("http", "ws"), { perMessageDeflate: true });
    await once(client, "open");
    expect(client.extensions).toBe("permessage-deflate");
    const texts = ["x".repeat(100_000), "small", "y".repeat(5_000), ""];
    const received: string[] = [];
    client.on("message", (data) => received.push(String(data)));
    for (const text of texts) client.send(text);
    await expect.poll(() => received).toEqual(texts);
    client.send(new Uint8Array([1, 2]));
    const [data, isBinary] = await once(client, "message");
    expect([isBinary, [...data]]).toEqual([true, [1, 2]]);
    client.close();
    await once(client, "close");
  });

  test("send waits for a peer that does not read, as without", async () => {
    let finished = (): void => {};
    const end = new Promise<void>((resolve) => {
      finished = resolve;
    });
    const application = webSocket(async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      for (let count = 0; count < 20; count += 1) {
        await send({ type: "websocket.send", bytes: new Uint8Array(65_536) });
      }
      finished();
    });
    await using server = await serve(application, { port: 0, perMessageDeflate: true, sendBuffer: 0 });
    const client = new WebSocket(server.url.replace("http", "ws"), { perMessageDeflate: true });
    await end;
    await once(client, "close");
  });

  test.each([
    ["by us", deflate, true],
    [
      "by ws, with a context",
      "Sec-WebSocket-Extensions: permessage-deflate",
      { clientNoContextTakeover: false },
    ],
  ])(
    "the end of the stream does not overtake a message that is being inflated %s",
    async (_, offer, settings) => {
      const { application, end, texts } = ending();
      await using server = await serve(application, { port: 0, perMessageDeflate: settings });
      const socket = await accepted(server, [offer]);
      const compressed = deflateRawSync(Buffer.from("inflated"), { finishFlush: 2 }).subarray(0, -4);
      socket.end(frame(0xc1, compressed));
      expect(await end).toMatchObject({ code: 1006 });
      expect(texts).toEqual(["inflated"]);
    },
  );

  test("a client whose stream ended unnoticed in the turn of the answer is not let in", async () => {
    const [socket, client] = duplexPair();
    client.end();
    await once(socket.resume(), "end");
    const pending = new PendingSocket(socket, Buffer.alloc(0), systemClock, 50);
    const handshake = new SocketHandshake(pending, [], socketSettings(defaults));
    const released = new Promise<void>((resolve) => {
      handshake.listen({
        text() {},
        binary() {},
        drained() {},
        breached() {},
        ended() {},
        released: resolve,
      });
    });
    expect(handshake.accept(undefined, [])).toBeUndefined();
    await released;
    expect(client.read()).toBeNull();
  });
});
