import assert from "node:assert/strict";
import type { WebSocketScope } from "@ws/events";
import { deferred } from "../client/deferred.js";
import type { TestServer } from "../client/test-server.js";
import { type Case, handshake, rejection, running, webSocket } from "./case.js";

/** Refuses every connection, and passes its scope to `tell`. */
function telling(tell: (scope: WebSocketScope) => void): ReturnType<typeof webSocket> {
  return webSocket(async ({ scope, send }) => {
    tell(scope);
    await send({ type: "websocket.close" });
  });
}

/** The scope of a handshake that is written by hand. */
async function scopeOf(transport: Parameters<Case["run"]>[0], request: string): Promise<WebSocketScope> {
  const scope = deferred<WebSocketScope>();
  const use = async (server: TestServer): Promise<void> => {
    await server.request(request);
  };
  // A handshake that is written by hand does not answer a close, which some transports use in place of a refusal.
  await running(transport, telling(scope.resolve), use, { closeTimeout: 50 });
  return await scope.promise;
}

/** Contract §2. */
export const scopeCases: readonly Case[] = [
  {
    name: "the scope has the path decoded and raw, and the query as it came",
    async run(transport) {
      const scope = await scopeOf(transport, handshake("/caf%C3%A9/a%2Fb?x=%20&y"));
      assert.equal(scope.type, "websocket");
      assert.deepEqual(scope.asgi, { version: "3.0", specVersion: "2.5" });
      assert.equal(scope.httpVersion, "1.1");
      assert.equal(scope.scheme, "ws");
      assert.equal(scope.path, "/café/a/b");
      assert.equal(scope.rawPath, "/caf%C3%A9/a%2Fb");
      assert.equal(scope.queryString, "x=%20&y");
      assert.equal(scope.rootPath, "");
    },
  },
  {
    name: "an absolute target is read for its path and query alone",
    async run(transport) {
      const scope = await scopeOf(transport, handshake("http://evil.example/x?y"));
      assert.equal(scope.path, "/x");
      assert.equal(scope.queryString, "y");
    },
  },
  {
    name: "header lines keep their order, duplicates and latin-1 values; names are lower-cased",
    async run(transport) {
      const scope = await scopeOf(transport, handshake("/", ["X-B: 1", "x-a: 2", "X-B: 3"]));
      const own = scope.headers.filter(([name]) => name.startsWith("x-"));
      assert.deepEqual(own, [
        ["x-b", "1"],
        ["x-a", "2"],
        ["x-b", "3"],
      ]);
      assert.deepEqual(scope.headers[0], ["host", "localhost"]);
    },
  },
  {
    name: "subprotocols are all offers, from every header line, in order",
    async run(transport) {
      const lines = ["Sec-WebSocket-Protocol: b, a", "Sec-WebSocket-Protocol: c"];
      const scope = await scopeOf(transport, handshake("/", lines));
      assert.deepEqual(scope.subprotocols, ["b", "a", "c"]);
    },
  },
  {
    name: "client and server are addresses, or null where the socket has none",
    async run(transport) {
      const { client, server } = await scopeOf(transport, handshake("/"));
      assert.equal(client === null, server === null);
      if (client !== null) assert.equal(client.host, "127.0.0.1");
    },
  },
  {
    name: "the server offers denial responses and the disconnect signal",
    async run(transport) {
      const scope = deferred<WebSocketScope>();
      await running(transport, telling(scope.resolve), async (server) => {
        await rejection(server.connect("/"));
      });
      const { extensions } = await scope.promise;
      assert.deepEqual(extensions["websocket.http.response"], {});
      assert.ok(extensions["websocket.disconnect"]?.signal instanceof AbortSignal);
    },
  },
  ...["/%", "/%ff", "/%c0%af", "//", "//evil.example/x", "*", "/a#b", "/%00"].map(
    (target): Case => ({
      name: `the target ${target} gets 400 before any application runs`,
      async run(transport) {
        let calls = 0;
        const application = telling(() => {
          calls += 1;
        });
        await running(transport, application, async (server) => {
          assert.match(await server.request(handshake(target)), /^HTTP\/1\.1 400 /);
          assert.equal(calls, 0);
          await server.request(handshake("/"));
        });
        // This shows that a valid handshake is counted.
        assert.equal(calls, 1);
      },
    }),
  ),
];
