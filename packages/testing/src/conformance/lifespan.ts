import assert from "node:assert/strict";
import type { Application } from "@ws/events";
import { deferred } from "../client/deferred.js";
import { HandshakeRejected } from "../client/handshake-rejected.js";
import { start, type TestServer } from "../client/test-server.js";
import { accepting, type Case, echo, rejection, running, untilDisconnect, webSocket } from "./case.js";

/** An application with a lifespan that passes everything else on. */
function living(events: string[], application: Application): Application {
  return async (scope, receive, send) => {
    if (scope.type !== "lifespan") return await application(scope, receive, send);
    scope.state["pool"] = { size: 3 };
    for (;;) {
      const { type } = await receive();
      events.push(type);
      if (type === "lifespan.startup") await send({ type: "lifespan.startup.complete" });
      else return await send({ type: "lifespan.shutdown.complete" });
    }
  };
}

/** Contract §8, and the shutdown row of §5. */
export const lifespanCases: readonly Case[] = [
  {
    name: "startup comes before the first connection, shutdown after every connection has ended",
    async run(transport) {
      const events: string[] = [];
      const application = webSocket(async ({ receive, send }) => {
        events.push("connection");
        await receive();
        await send({ type: "websocket.accept" });
        await untilDisconnect(receive);
        events.push("end");
      });
      const server = await start(living(events, application), { transport });
      const session = await server.connect("/");
      await server.close();
      await session.closed;
      assert.deepEqual(events, ["lifespan.startup", "connection", "end", "lifespan.shutdown"]);
    },
  },
  {
    name: "what the lifespan put into its state is copied, shallowly, into each later scope",
    async run(transport) {
      const states: Record<string, unknown>[] = [];
      const application = accepting(async ({ scope }) => {
        states.push(scope.state);
        scope.state["own"] = true;
      });
      await running(transport, living([], application), async (server) => {
        await (await server.connect("/")).closed;
        await (await server.connect("/")).closed;
        const [first, second] = states;
        assert.deepEqual(second, { pool: { size: 3 }, own: true });
        assert.notEqual(first, second);
        assert.equal(first?.["pool"], second?.["pool"]);
      });
    },
  },
  {
    name: "startup.failed aborts the start with its message",
    async run(transport) {
      const application: Application = async (_scope, receive, send) => {
        await receive();
        await send({ type: "lifespan.startup.failed", message: "no database" });
      };
      const error = await rejection(start(application, { transport }));
      assert.match(String(error), /no database/);
    },
  },
  {
    name: "an application that throws on the lifespan scope is taken not to support it",
    async run(transport) {
      await running(transport, echo, async (server) => {
        const session = await server.connect("/");
        await session.sendText("works");
        assert.equal(await session.receiveText(), "works");
        await session.close();
      });
    },
  },
  {
    name: "one that throws after it received startup is a failed start",
    async run(transport) {
      const application: Application = async (_scope, receive) => {
        await receive();
        throw new Error("database password is wrong");
      };
      const error = await rejection(start(application, { transport }));
      assert.match(String(error), /start-up failed/);
      assert.match(String((error as Error).cause), /password is wrong/);
    },
  },
  {
    name: "shutdown: draining first, with the window of the drain, then 1012 to every open socket, and disconnect 1012",
    async run(transport) {
      const events: unknown[] = [];
      const application = webSocket(async ({ scope, receive, send }) => {
        await receive();
        await send({ type: "websocket.accept" });
        const draining = scope.extensions["websocket.draining"]?.signal;
        draining?.addEventListener("abort", () => {
          events.push("draining", draining.reason);
          void send({ type: "websocket.send", text: "good night" });
        });
        const { code } = await untilDisconnect(receive);
        events.push(code);
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        const closing = server.close({ drain: { window: 20 } });
        assert.equal(await session.receiveText(), "good night");
        assert.deepEqual(await session.closed, { code: 1012, reason: "", wasClean: true });
        await closing;
        assert.deepEqual(events, ["draining", { window: 20 }, 1012]);
        assert.equal(server.connections, 0);
      });
    },
  },
  {
    name: "shutdown: a connection whose application asked for time stays until it is let go, or the window of the drain is over",
    async run(transport) {
      const application = webSocket(async ({ scope, receive, send }) => {
        await receive();
        await send({ type: "websocket.accept" });
        const draining = scope.extensions["websocket.draining"];
        const end = untilDisconnect(receive);
        draining?.signal.addEventListener("abort", () => {
          draining.waitUntil?.(end);
          void send({ type: "websocket.send", text: "not yet" });
        });
        await end;
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        const began = performance.now();
        const closing = server.close({ drain: { window: 300 } });
        assert.equal(await session.receiveText(), "not yet");
        const { code } = await session.closed;
        // A single connection would have been closed in the first 100 ms.
        assert.ok(performance.now() - began > 290);
        assert.equal(code, 1012);
        await closing;
      });
    },
  },
  {
    name: "shutdown: a pending handshake gets 503 and Connection: close, its application disconnect 1012",
    async run(transport) {
      const called = deferred();
      const seen = deferred<number>();
      const application = webSocket(async ({ receive }) => {
        await receive();
        called.resolve();
        seen.resolve((await untilDisconnect(receive)).code);
      });
      await running(transport, application, async (server: TestServer) => {
        const attempt = rejection(server.connect("/"));
        await called.promise;
        await server.close();
        const error = await attempt;
        assert.ok(error instanceof HandshakeRejected);
        assert.equal(error.status, 503);
        assert.equal(error.headers.get("connection"), "close");
        assert.equal(await seen.promise, 1012);
      });
    },
  },
  {
    name: "shutdown: a connection that does not end is destroyed after the grace",
    async run(transport) {
      const accepted = deferred();
      const application = webSocket(async ({ receive, send }) => {
        await receive();
        await send({ type: "websocket.accept" });
        accepted.resolve();
        await untilDisconnect(receive);
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        await accepted.promise;
        session.pause();
        await server.close({ grace: 30 });
        session.resume();
        await session.closed;
      });
    },
  },
];
