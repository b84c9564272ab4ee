import assert from "node:assert/strict";
import { ProtocolError, type ReceiveEvent, type SendEvent } from "@ws/events";
import { deferred } from "../client/deferred.js";
import { HandshakeRejected } from "../client/handshake-rejected.js";
import {
  accepting,
  type Case,
  clientFrame,
  type Given,
  handshake,
  rejection,
  running,
  webSocket,
} from "./case.js";

const accept: SendEvent = { type: "websocket.accept" };
const message: SendEvent = { type: "websocket.send", text: "x" };
const start: SendEvent = { type: "websocket.http.response.start", status: 404 };
const body: SendEvent = { type: "websocket.http.response.body", body: new Uint8Array([104, 105]) };
const http: SendEvent = { type: "http.response.start", status: 200 };

/** The illegal part of contract §3, written out: the events that throw in each state. */
const illegal = {
  connecting: [message, body, http],
  denying: [accept, message, start, { type: "websocket.close" }],
  connected: [accept, start, body, http],
} as const satisfies Record<string, readonly SendEvent[]>;

async function assertOutOfOrder(send: Given["send"], events: readonly SendEvent[]): Promise<void> {
  for (const event of events) {
    const error = await rejection(send(event));
    assert.ok(error instanceof ProtocolError, `${event.type} must throw a ProtocolError`);
    assert.equal(error.code, "ERR_WS_EVENT_ORDER");
    assert.match(error.message, /expected .*, got /);
  }
}

/** Contract §3. */
export const orderCases: readonly Case[] = [
  {
    name: "while connecting, an event out of order throws and the connection can still be accepted",
    async run(transport) {
      const application = webSocket(async ({ receive, send }) => {
        await receive();
        await assertOutOfOrder(send, illegal.connecting);
        await send(accept);
        await send(message);
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        assert.equal(await session.receiveText(), "x");
        assert.equal((await session.closed).code, 1000);
      });
    },
  },
  {
    name: "while connected, an event out of order throws and the connection can still be used",
    async run(transport) {
      const application = accepting(async ({ send }) => {
        await assertOutOfOrder(send, illegal.connected);
        await send(message);
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        assert.equal(await session.receiveText(), "x");
        assert.equal((await session.closed).code, 1000);
      });
    },
  },
  {
    name: "while denying, an event out of order throws and the response can still be completed",
    async run(transport) {
      const application = webSocket(async ({ receive, send }) => {
        await receive();
        await send(start);
        await assertOutOfOrder(send, illegal.denying);
        await send(body);
      });
      await running(transport, application, async (server) => {
        const error = await rejection(server.connect("/"));
        assert.ok(error instanceof HandshakeRejected);
        assert.deepEqual([error.status, error.text], [404, "hi"]);
      });
    },
  },
  {
    name: "receive gives the connect, the messages in order, then the same disconnect again and again",
    async run(transport) {
      const seen = deferred<readonly ReceiveEvent[]>();
      const application = webSocket(async ({ receive, send }) => {
        const events = [await receive()];
        await send(accept);
        while (events.at(-1)?.type !== "websocket.disconnect") events.push(await receive());
        events.push(await receive(), await receive());
        seen.resolve(events);
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        await session.sendText("a");
        await session.sendBytes(new Uint8Array([1, 2]));
        await session.close(4_000, "bye");
        const disconnect = { type: "websocket.disconnect", code: 4_000, reason: "bye" };
        assert.deepEqual(await seen.promise, [
          { type: "websocket.connect" },
          { type: "websocket.receive", text: "a" },
          { type: "websocket.receive", bytes: new Uint8Array([1, 2]) },
          disconnect,
          disconnect,
          disconnect,
        ]);
      });
    },
  },
  {
    name: "between connect and the answer nothing arrives; what came early is given after accept, in order",
    async run(transport) {
      const seen = deferred<readonly unknown[]>();
      const application = webSocket(async ({ receive, send }) => {
        await receive();
        const first = receive();
        const early = await Promise.race([first, new Promise((resolve) => setImmediate(resolve, "nothing"))]);
        await send(accept);
        seen.resolve([early, await first, await receive()]);
      });
      await running(transport, application, async (server) => {
        const frames = [clientFrame(0x81, "one"), clientFrame(0x81, "two")];
        const request = Buffer.concat([Buffer.from(handshake("/")), ...frames]);
        const socket = server.dial();
        socket.write(request);
        assert.deepEqual(await seen.promise, [
          "nothing",
          { type: "websocket.receive", text: "one" },
          { type: "websocket.receive", text: "two" },
        ]);
        socket.destroy();
      });
    },
  },
];
