import assert from "node:assert/strict";
import { type CloseInfo, ConnectionClosed, ProtocolError } from "@ws/events";
import { deferred } from "../client/deferred.js";
import type { TestServer } from "../client/test-server.js";
import { accepting, type Case, clientFrame, echo, rejection, running } from "./case.js";
import { type Seen, witness } from "./witness.js";

/** Runs `act` on an open session, and compares what the application saw with `expected`. */
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

/** Sends a frame that breaks the protocol; the server must close with `code`. */
function breach(name: string, frame: Uint8Array, code: number, reason: RegExp): Case {
  const expected = { code: 1006, reason, wasClean: false, initiator: "server" } as const;
  return ending(`${name}: close ${code}, disconnect 1006 that says so`, expected, async (session) => {
    session.sendRaw(frame);
    assert.equal((await session.closed).code, code);
  });
}

const oversized = Uint8Array.of(0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0);
const fragment = clientFrame(0x01, "");
const fragments = Buffer.concat([fragment, ...Array.from({ length: 1_100 }, () => clientFrame(0x00, ""))]);

/** Contract §5, after accept. */
export const endingCases: readonly Case[] = [
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
    name: "a send that fails and that nobody awaited a turn later: close 1011, and the next client is served",
    async run(transport) {
      const seen = deferred<unknown>();
      const application = accepting(async ({ receive, send }) => {
        const sending = send({ type: "websocket.send", text: "\ud800" });
        while ((await receive()).type !== "websocket.disconnect");
        seen.resolve(await rejection(sending));
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        assert.deepEqual(await session.closed, { code: 1011, reason: "", wasClean: true });
        // A caller that awaits it later still gets the error.
        assert.ok((await seen.promise) instanceof ProtocolError);
        const next = await server.connect("/");
        assert.equal((await next.closed).code, 1011);
      });
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
  {
    name: "messages that came whole before a protocol error are answered, and then the close follows",
    async run(transport) {
      await running(transport, echo, async (server) => {
        const session = await server.connect("/");
        const [one, two] = [clientFrame(0x81, "one"), clientFrame(0x81, "two")];
        session.sendRaw(Buffer.concat([one, two, Uint8Array.of(0x81, 0x01, 0x61)]));
        assert.deepEqual([await session.receiveText(), await session.receiveText()], ["one", "two"]);
        assert.equal((await session.closed).code, 1002);
      });
    },
  },
  breach("a protocol error", Uint8Array.of(0x81, 0x01, 0x61), 1002, /MASK/i),
  breach("bad UTF-8", clientFrame(0x81, Uint8Array.of(0xc3)), 1007, /UTF-8/i),
  breach("a message that is too big, before it is read", oversized, 1009, /payload size/i),
  breach("too many fragments", fragments, 1008, /fragments/i),
];
