import assert from "node:assert/strict";
import { type CloseInfo, ConnectionClosed, type WebSocketScope } from "@ws/events";
import { deferred } from "../deferred.js";
import { HandshakeRejected } from "../handshake-rejected.js";
import type { TestServer } from "../test-server.js";
import {
  accepting,
  type Case,
  clientFrame,
  type Given,
  rejection,
  running,
  untilDisconnect,
  webSocket,
} from "./case.js";

/** What the application saw at the end of its connection. */
interface Seen {
  readonly code: number;
  readonly reason: string;
  /** What `send` rejected with. */
  readonly sending: unknown;
  /** The reason of the disconnect signal. */
  readonly signalled: unknown;
}

function signalOf(scope: WebSocketScope): AbortSignal {
  const signal = scope.extensions["websocket.disconnect"]?.signal;
  assert.ok(signal, "the transport must offer the disconnect signal");
  return signal;
}

/** Waits for the disconnect, then tries to send and to close. */
async function witness({ scope, receive, send }: Given): Promise<Seen> {
  const { code, reason } = await untilDisconnect(receive);
  const sending = await rejection(send({ type: "websocket.send", text: "too late" }));
  await send({ type: "websocket.close" });
  return { code, reason, sending, signalled: signalOf(scope).reason };
}

/** Runs `act` on an open session and holds what the application saw against `expected`. */
function ending(
  name: string,
  expected: Pick<CloseInfo, "code" | "initiator" | "wasClean"> & { readonly reason: string | RegExp },
  act: (session: Awaited<ReturnType<TestServer["connect"]>>) => Promise<void>,
): Case {
  return {
    name,
    async run(transport) {
      const seen = deferred<Seen>();
      const application = accepting(async (given) => seen.resolve(await witness(given)));
      await running(transport, application, async (server) => {
        await act(await server.connect("/"));
        const { code, reason, sending, signalled } = await seen.promise;
        assert.equal(code, expected.code);
        if (typeof expected.reason === "string") assert.equal(reason, expected.reason);
        else assert.match(reason, expected.reason);
        assert.ok(sending instanceof ConnectionClosed);
        assert.equal(signalled, sending);
        assert.equal(sending.code, expected.code);
        assert.equal(sending.wasClean, expected.wasClean);
        assert.equal(sending.initiator, expected.initiator);
      });
    },
  };
}

/** The frame is sent past the client's protocol; the server closes with `code`. */
function breach(name: string, frame: Uint8Array, code: number, reason: RegExp): Case {
  const expected = { code: 1006, reason, wasClean: false, initiator: "server" } as const;
  return ending(`${name}: close ${code}, disconnect 1006 that says so`, expected, async (session) => {
    session.sendRaw(frame);
    assert.equal((await session.closed).code, code);
  });
}

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

const oversized = Uint8Array.of(0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0);
const fragment = clientFrame(0x01, "");
const fragments = Buffer.concat([fragment, ...Array.from({ length: 1_100 }, () => clientFrame(0x00, ""))]);

/** Contract §5, before accept. */
const beforeAccept: readonly Case[] = [
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

/** Contract §5, after accept. */
const afterAccept: readonly Case[] = [
  {
    name: "returns after accept: close 1000",
    async run(transport) {
      await running(
        transport,
        accepting(async () => {}),
        async (server) => {
          const session = await server.connect("/");
          assert.deepEqual(await session.closed, { code: 1000, reason: "", wasClean: true });
        },
      );
    },
  },
  {
    name: "throws after accept: close 1011 with an empty reason, whatever was thrown",
    async run(transport) {
      for (const thrown of [new Error("secret"), "secret", undefined]) {
        const application = accepting(async () => {
          throw thrown;
        });
        await running(transport, application, async (server) => {
          const session = await server.connect("/");
          assert.deepEqual(await session.closed, { code: 1011, reason: "", wasClean: true });
        });
      }
    },
  },
  {
    name: "closes twice: nothing and no error; the first close stands, and is what the disconnect says",
    async run(transport) {
      const seen = deferred<Seen>();
      const application = accepting(async (given) => {
        await given.send({ type: "websocket.close", code: 4_001, reason: "first" });
        await given.send({ type: "websocket.close", code: 4_002, reason: "second" });
        seen.resolve(await witness(given));
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        assert.deepEqual(await session.closed, { code: 4_001, reason: "first", wasClean: true });
        const { code, reason, sending } = await seen.promise;
        assert.deepEqual([code, reason], [4_001, "first"]);
        assert.ok(sending instanceof ConnectionClosed);
        assert.equal(sending.initiator, "application");
      });
    },
  },
  ending(
    "the peer closes with a code: it is echoed, and the disconnect has it",
    { code: 4_321, reason: "tschüss", wasClean: true, initiator: "client" },
    async (session) => {
      assert.equal((await session.close(4_321, "tschüss")).code, 4_321);
    },
  ),
  ending(
    "the peer closes without a code: disconnect 1005",
    { code: 1005, reason: "", wasClean: true, initiator: "client" },
    async (session) => {
      session.sendRaw(clientFrame(0x88, ""));
      assert.equal((await session.closed).code, 1005);
    },
  ),
  ending(
    "the peer is gone without a close frame: disconnect 1006",
    { code: 1006, reason: "", wasClean: false, initiator: "network" },
    async (session) => session.terminate(),
  ),
  breach("a protocol error", Uint8Array.of(0x81, 0x01, 0x61), 1002, /MASK/i),
  breach("bad UTF-8", clientFrame(0x81, Uint8Array.of(0xc3)), 1007, /UTF-8/i),
  breach("a message that is too big, before it is read", oversized, 1009, /payload size/i),
  breach("too many fragments", fragments, 1008, /fragments/i),
];

export const endingCases: readonly Case[] = [...beforeAccept, ...afterAccept];
