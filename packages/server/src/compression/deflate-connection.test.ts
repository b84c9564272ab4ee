import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { inflateRawSync } from "node:zlib";
import {
  type Application,
  type PreparedEvent,
  prepare,
  type Send,
  type WebSocketDisconnectEvent,
  type WebSocketSendEvent,
} from "@ws/events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { attach } from "../attach.js";
import { dial, handshake, portOf, readUntil, webSocket } from "../raw.fixture.js";
import { type Server, serve } from "../serve.js";

const small: WebSocketSendEvent = { type: "websocket.send", text: "small" };
const large: WebSocketSendEvent = { type: "websocket.send", text: "large ".repeat(1_000) };

function prepared(text: string): PreparedEvent & WebSocketSendEvent {
  return prepare({ type: "websocket.send", text }) as PreparedEvent & WebSocketSendEvent;
}

/** An application that accepts, does something, and gives the disconnect's code and reason. */
function doing(action: (send: Send) => unknown, tell: (end: WebSocketDisconnectEvent) => void): Application {
  return webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    await action(send);
    for (;;) {
      const event = await receive();
      if (event.type === "websocket.disconnect") return tell(event);
    }
  });
}

const ignore = (): void => {};

function clientOf(server: Server, perMessageDeflate: object | boolean = true): WebSocket {
  return new WebSocket(server.url.replace("http", "ws"), { perMessageDeflate });
}

/** The head of the answer, and the first bytes after it, to a handshake that offers `extension`. */
async function firstFrame(server: Server, extension: string | undefined, end: string): Promise<string[]> {
  const socket = await dial(portOf(server));
  const lines = extension === undefined ? [] : [`Sec-WebSocket-Extensions: ${extension}`];
  socket.write(handshake("/", lines));
  const [head = "", ...rest] = (await readUntil(socket, end)).split("\r\n\r\n");
  socket.destroy();
  return [/^sec-websocket-extensions: (.*)$/im.exec(head)?.[1] ?? "", rest.join("\r\n\r\n")];
}

describe("the handshake", () => {
  const always = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  test.each([
    ["permessage-deflate", always],
    ["permessage-deflate; client_max_window_bits", always],
    [
      "permessage-deflate; server_max_window_bits=10",
      "permessage-deflate; server_max_window_bits=10; server_no_context_takeover; client_no_context_takeover",
    ],
  ])("keeps no context of a client that offers %s, wished for or not", async (offer, answer) => {
    await using server = await serve(
      doing((send) => send(small), ignore),
      { port: 0, perMessageDeflate: true },
    );
    expect(await firstFrame(server, offer, "small")).toEqual([answer, "\x81\x05small"]);
  });
});

describe("a prepared message for clients of every kind", () => {
  const block = randomBytes(1_500).toString("base64");

  test("goes to each as it negotiated, and is compressed once for all that negotiated the same", async () => {
    // The block shows again past a window of 10 bits.
    const event = prepared(`${block}${block} the end`);
    await using server = await serve(
      doing((send) => Promise.all([send(event), send(small)]), ignore),
      { port: 0, perMessageDeflate: true },
    );
    const offers = [undefined, "", "; server_max_window_bits=10", "; server_max_window_bits=12", ""];
    const frames = await Promise.all(
      offers.map(async (offer) => {
        const extension = offer === undefined ? undefined : `permessage-deflate${offer}`;
        const [, wire = ""] = await firstFrame(server, extension, "\x81\x05small");
        return Buffer.from(wire, "latin1").subarray(0, -7);
      }),
    );
    const [plain, free, narrow, wider, again] = frames;
    expect([plain, free, narrow, wider].map((frame) => frame?.[0])).toEqual([0x81, 0xc1, 0xc1, 0xc1]);
    expect(again).toEqual(free);
    expect([...(event.deflated?.keys() ?? [])].sort()).toEqual([10, 12, 15]);
    const texts = [free, narrow, wider].map((frame, index) => {
      const message = Buffer.concat([frame?.subarray(4) ?? Buffer.of(), Buffer.from([0, 0, 0xff, 0xff])]);
      const windowBits = [15, 10, 12][index] ?? 0;
      return String(inflateRawSync(message, { finishFlush: 2, windowBits, chunkSize: 512 }));
    });
    expect(new Set([...texts, String(plain?.subarray(4))])).toEqual(new Set([event.text]));
  });
});

describe("the end", () => {
  test("a close waits for what is still being compressed", async () => {
    const application = doing((send) => {
      for (const event of [small, large, large, small, prepared("p".repeat(5_000))]) void send(event);
      return send({ type: "websocket.close", code: 4_000 });
    }, ignore);
    await using server = await serve(application, { port: 0, perMessageDeflate: true });
    const client = clientOf(server);
    const lengths: number[] = [];
    client.on("message", (data: Buffer) => lengths.push(data.length));
    const [code] = await once(client, "close");
    expect(lengths).toEqual([5, 6_000, 6_000, 5, 5_000]);
    expect(code).toBe(4_000);
  });

  test.each([
    ["frames of our own", [small, prepared("p".repeat(5_000))]],
    ["what is being compressed", [large, large]],
    ["both", [small, large, prepared("p".repeat(5_000)), small]],
  ])("a socket that is destroyed before the end of the turn takes %s with it", async (_name, events) => {
    const httpServer = createServer();
    let socket: Socket | undefined;
    httpServer.on("connection", (opened) => {
      socket = opened;
    });
    let tell: (end: WebSocketDisconnectEvent) => void = ignore;
    const end = new Promise<WebSocketDisconnectEvent>((resolve) => {
      tell = resolve;
    });
    let late: unknown;
    const application = doing(async (send) => {
      for (const event of events) void send(event);
      socket?.destroy();
      await send(small).catch((error) => {
        late = error.name;
      });
    }, tell);
    await using attached = attach(httpServer, application, { perMessageDeflate: true });
    await attached.ready;
    httpServer.listen(0, "127.0.0.1");
    await once(httpServer, "listening");
    const { port } = httpServer.address() as { port: number };
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    client.on("error", ignore);
    expect((await once(client, "close"))[0]).toBe(1006);
    expect(await end).toMatchObject({ code: 1006 });
    expect(late).toBe("ConnectionClosed");
    httpServer.close();
  });
});

describe("back-pressure", () => {
  const bytes = randomBytes(20_000);
  const kinds: readonly (readonly [string, WebSocketSendEvent])[] = [
    ["prepared messages", prepare({ type: "websocket.send", bytes })],
    ["compressed messages", { type: "websocket.send", bytes }],
    ["small messages", { type: "websocket.send", bytes: bytes.subarray(0, 1_000) }],
  ];

  test.each(kinds)("%s to a peer that doesn't read are bounded", async (_name, event) => {
    const most = 64 * 1_048_576;
    let tell: (outcome: unknown) => void = ignore;
    const outcome = new Promise((resolve) => {
      tell = resolve;
    });
    const application = doing(async (send) => {
      const length = event.bytes?.length ?? 0;
      try {
        for (let sent = 0; sent < most; sent += length) await send(event);
        tell("all was taken");
      } catch (error) {
        tell(error);
      }
    }, ignore);
    const options = { port: 0, perMessageDeflate: true, sendBuffer: 65_536, sendTimeout: 50 };
    await using server = await serve(application, options);
    const socket = await dial(portOf(server));
    socket.pause();
    socket.write(handshake("/", ["Sec-WebSocket-Extensions: permessage-deflate"]));
    expect(await outcome).toMatchObject({ name: "ConnectionClosed", reason: "slow consumer" });
    socket.destroy();
  });

  test.each(kinds)("%s wait, and go on when the peer reads again", async (_name, event) => {
    let done: () => void = ignore;
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    const application = doing(async (send) => {
      for (let count = 0; count < 30; count += 1) await send(event);
      done();
    }, ignore);
    await using server = await serve(application, { port: 0, perMessageDeflate: true, sendBuffer: 0 });
    const client = clientOf(server);
    let received = 0;
    client.on("message", () => {
      received += 1;
    });
    await finished;
    await expect.poll(() => received).toBe(30);
    client.terminate();
  });
});
