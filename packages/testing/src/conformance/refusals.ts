import assert from "node:assert/strict";
import { ConnectionClosed, ProtocolError } from "@ws/events";
import { deferred } from "../client/deferred.js";
import { HandshakeRejected } from "../client/handshake-rejected.js";
import type { TestServer } from "../client/test-server.js";
import { type Case, type Given, rejection, running, untilDisconnect, webSocket } from "./case.js";
import { type Seen, witness } from "./witness.js";

/** A handshake that is refused with `status`. */
function refused(name: string, status: number, handle: (given: Given) => Promise<void>): Case {
  return {
    name,
    async run(transport) {
      const application = webSocket(handle);
      await running(transport, application, async (server) => {
        const error = await rejection(server.connect("/"));
        assert.ok(error instanceof HandshakeRejected);
        assert.equal(error.status, status);
        assert.equal(error.body.length, 0);
        assert.equal(error.headers.get("connection"), "close");
      });
    },
  };
}

/** Contract §5, before accept. */
export const refusalCases: readonly Case[] = [
  {
    name: "closes before accept: 403 with an empty body, then disconnect 1006",
    async run(transport) {
      const seen = deferred<Seen>();
      const application = webSocket(async (given) => {
        await given.receive();
        await given.send({ type: "websocket.close", code: 4_000 });
        seen.resolve(await witness(given));
      });
      await running(transport, application, async (server) => {
        const error = await rejection(server.connect("/"));
        assert.ok(error instanceof HandshakeRejected);
        assert.equal(error.status, 403);
        assert.equal(error.body.length, 0);
        const { code, sending } = await seen.promise;
        assert.equal(code, 1006);
        assert.ok(sending instanceof ConnectionClosed);
      });
    },
  },
  {
    name: "denies with a response: that status, headers and body in parts, then disconnect 1006",
    async run(transport) {
      const seen = deferred<Seen>();
      const application = webSocket(async (given) => {
        await given.receive();
        const headers = [["x-why", "closed today"]] as const;
        await given.send({ type: "websocket.http.response.start", status: 451, headers });
        const part = { type: "websocket.http.response.body", moreBody: true } as const;
        await given.send({ ...part, body: new TextEncoder().encode("come ") });
        await given.send({ ...part, body: new TextEncoder().encode("back") });
        await given.send({ type: "websocket.http.response.body" });
        seen.resolve(await witness(given));
      });
      await running(transport, application, async (server) => {
        const error = await rejection(server.connect("/"));
        assert.ok(error instanceof HandshakeRejected);
        assert.equal(error.status, 451);
        assert.equal(error.headers.get("x-why"), "closed today");
        assert.equal(error.text, "come back");
        assert.equal((await seen.promise).code, 1006);
      });
    },
  },
  {
    name: "a denial's body is as long as its content-length says: what goes beyond it throws, and the rest can be sent",
    async run(transport) {
      const failed = deferred<unknown>();
      const application = webSocket(async (given) => {
        await given.receive();
        const headers = [["content-length", "9"]] as const;
        await given.send({ type: "websocket.http.response.start", status: 451, headers });
        const part = { type: "websocket.http.response.body", moreBody: true } as const;
        await given.send({ ...part, body: new TextEncoder().encode("come ") });
        failed.resolve(
          await rejection(given.send({ ...part, body: new TextEncoder().encode("back again") })),
        );
        await given.send({ ...part, moreBody: false, body: new TextEncoder().encode("back") });
      });
      await running(transport, application, async (server) => {
        const error = await rejection(server.connect("/"));
        assert.ok(error instanceof HandshakeRejected);
        assert.equal(new TextDecoder().decode(error.body), "come back");
        assert.ok((await failed.promise) instanceof ProtocolError);
      });
    },
  },
  refused("returns before accept: 403", 403, async () => {}),
  refused("throws before accept: 500", 500, async () => {
    throw new Error("as planned");
  }),
  {
    name: "never accepts: 503 at acceptTimeout, then disconnect 1006",
    async run(transport) {
      const seen = deferred<Seen>();
      const application = webSocket(async (given) => {
        await given.receive();
        seen.resolve(await witness(given));
      });
      const use = async (server: TestServer): Promise<void> => {
        const error = await rejection(server.connect("/"));
        assert.ok(error instanceof HandshakeRejected);
        assert.equal(error.status, 503);
        const { code, reason } = await seen.promise;
        assert.equal(code, 1006);
        assert.equal(reason, "accept timeout");
      };
      await running(transport, application, use, { acceptTimeout: 30 });
    },
  },
  {
    name: "client gone before accept: disconnect 1006, and accept rejects with ConnectionClosed",
    async run(transport) {
      const called = deferred();
      const seen = deferred<unknown>();
      const application = webSocket(async ({ receive, send }) => {
        await receive();
        called.resolve();
        const { code } = await untilDisconnect(receive);
        assert.equal(code, 1006);
        seen.resolve(await rejection(send({ type: "websocket.accept" })));
      });
      await running(transport, application, async (server) => {
        const leaving = new AbortController();
        const attempt = rejection(server.connect("/", { signal: leaving.signal }));
        await called.promise;
        leaving.abort();
        await attempt;
        const error = await seen.promise;
        assert.ok(error instanceof ConnectionClosed);
        assert.equal(error.initiator, "network");
      });
    },
  },
];
