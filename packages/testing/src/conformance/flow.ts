import assert from "node:assert/strict";
import { ConnectionClosed, type ReceiveEvent } from "@ws/events";
import { deferred } from "../client/deferred.js";
import type { TestServer } from "../client/test-server.js";
import { accepting, type Case, type Given, rejection, running, untilDisconnect, webSocket } from "./case.js";

/** Sends until a `send` does not resolve within a turn of the event loop, and returns that promise inside an object. */
async function fill(send: Given["send"]): Promise<{ readonly sending: Promise<void> }> {
  const bytes = new Uint8Array(65_536);
  for (;;) {
    const sending = send({ type: "websocket.send", bytes });
    // On a busy machine a turn may be longer than the time-out, so a send that was rejected by then has waited as well.
    const taken = sending.then(
      () => true,
      () => false,
    );
    const turn = new Promise<boolean>((resolve) => setImmediate(resolve, false));
    if (!(await Promise.race([taken, turn]))) return { sending };
  }
}

/** Contract §6, and the rows of §5 about time-outs. */
export const flowCases: readonly Case[] = [
  {
    name: "a thousand messages arrive in order, each once, both ways",
    async run(transport) {
      const application = accepting(async ({ receive, send }) => {
        for (let count = 0; count < 1_000; count += 1) {
          const event = await receive();
          assert.ok("text" in event && event.text !== undefined);
          void send({ type: "websocket.send", text: event.text });
        }
        await send({ type: "websocket.close" });
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        for (let count = 0; count < 1_000; count += 1) void session.sendText(String(count));
        for (let count = 0; count < 1_000; count += 1)
          assert.equal(await session.receiveText(), String(count));
        assert.equal((await session.closed).code, 1000);
      });
    },
  },
  {
    name: "sends at the same time keep call order, small and large, text, bytes and close",
    async run(transport) {
      const big = new Uint8Array(200_000).fill(1);
      const application = accepting(async ({ send }) => {
        await Promise.all([
          send({ type: "websocket.send", text: "1" }),
          send({ type: "websocket.send", bytes: big }),
          send({ type: "websocket.send", text: "3" }),
          send({ type: "websocket.close", code: 4_000 }),
        ]);
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        assert.equal(await session.receiveText(), "1");
        assert.equal((await session.receiveBytes()).length, big.length);
        assert.equal(await session.receiveText(), "3");
        assert.equal((await session.closed).code, 4_000);
      });
    },
  },
  {
    name: "a second concurrent receive is queued behind the first",
    async run(transport) {
      const seen = deferred<readonly ReceiveEvent[]>();
      const application = accepting(async ({ receive, send }) => {
        const both = [receive(), receive(), receive()];
        await send({ type: "websocket.send", text: "go" });
        seen.resolve(await Promise.all(both));
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        await session.receiveText();
        for (const text of ["1", "2", "3"]) await session.sendText(text);
        assert.deepEqual(
          (await seen.promise).map((event) => event.type === "websocket.receive" && event.text),
          ["1", "2", "3"],
        );
        await session.closed;
      });
    },
  },
  {
    name: "what came while the application did not receive is held, and given in order when it does",
    async run(transport) {
      const go = deferred();
      const seen: unknown[] = [];
      const application = accepting(async ({ receive }) => {
        await go.promise;
        for (;;) {
          const event = await receive();
          if (event.type !== "websocket.receive") return;
          seen.push(event.text);
        }
      });
      const use = async (server: TestServer): Promise<void> => {
        const session = await server.connect("/");
        const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
        for (const text of texts) void session.sendText(text);
        go.resolve();
        await session.close();
        assert.deepEqual(seen, texts);
      };
      await running(transport, application, use, { receiveQueue: { messages: 4, bytes: 1_024 } });
    },
  },
  {
    name: "send waits while the peer does not read, and resolves when it does",
    async run(transport) {
      const full = deferred();
      const drained = deferred();
      const application = accepting(async ({ send, receive }) => {
        const { sending } = await fill(send);
        full.resolve();
        await sending;
        drained.resolve();
        await untilDisconnect(receive);
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        session.pause();
        await full.promise;
        session.resume();
        await drained.promise;
        await session.close();
      });
    },
  },
  {
    name: "a peer that reads too slowly: 1013, the pending send rejects, disconnect 1006 slow consumer",
    async run(transport) {
      const seen = deferred<readonly unknown[]>();
      const application = accepting(async ({ send, receive }) => {
        await receive();
        const { sending } = await fill(send);
        const error = await rejection(sending);
        const { code, reason } = await untilDisconnect(receive);
        seen.resolve([error, code, reason]);
      });
      const use = async (server: TestServer): Promise<void> => {
        const session = await server.connect("/");
        session.pause();
        // The client may still read what is sent before it pauses, and then the waiting send resolves.
        await session.sendText("paused");
        const [error, code, reason] = await seen.promise;
        assert.ok(error instanceof ConnectionClosed);
        assert.equal(error.initiator, "server");
        assert.deepEqual([code, reason], [1006, "slow consumer"]);
        session.resume();
        assert.equal((await session.closed).code, 1013);
      };
      await running(transport, application, use, { sendTimeout: 50 });
    },
  },
  {
    name: "a peer that gives no sign of life: 1011, disconnect 1006 keepalive timeout",
    async run(transport) {
      const seen = deferred<readonly unknown[]>();
      const application = accepting(async ({ receive }) => {
        const { code, reason } = await untilDisconnect(receive);
        seen.resolve([code, reason]);
      });
      const use = async (server: TestServer): Promise<void> => {
        const session = await server.connect("/");
        session.pause();
        assert.deepEqual(await seen.promise, [1006, "keepalive timeout"]);
        session.resume();
        assert.equal((await session.closed).code, 1011);
      };
      await running(transport, application, use, { pingInterval: 20, pingTimeout: 20 });
    },
  },
  {
    name: "the disconnect signal fires at once, while a handler is busy and messages are queued",
    async run(transport) {
      const signalled = deferred<unknown>();
      const queued = deferred<readonly unknown[]>();
      const application = webSocket(async ({ scope, receive, send }) => {
        await receive();
        await send({ type: "websocket.accept" });
        const signal = scope.extensions["websocket.disconnect"]?.signal;
        await new Promise((resolve) => signal?.addEventListener("abort", resolve));
        signalled.resolve(signal?.reason);
        const events = [await receive(), await receive()];
        queued.resolve(events.map((event) => ("text" in event ? event.text : event.type)));
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        await session.sendText("left behind");
        await session.close(4_000);
        const reason = await signalled.promise;
        assert.ok(reason instanceof ConnectionClosed);
        assert.equal(reason.code, 4_000);
        assert.deepEqual(await queued.promise, ["left behind", "websocket.disconnect"]);
      });
    },
  },
];
