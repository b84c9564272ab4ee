import assert from "node:assert/strict";
import { ProtocolError, prepare, type SendEvent } from "@ws/events";
import { accepting, type Case, echo, rejection, running, webSocket } from "./case.js";

/** Events that must throw before anything changes. They are cast, because the compiler would refuse most of them. */
const malformed = [
  null,
  "websocket.send",
  { type: "websocket.sned", text: "x" },
  { type: "websocket.send" },
  { type: "websocket.send", text: "x", bytes: new Uint8Array() },
  { type: "websocket.send", text: 1 },
  { type: "websocket.send", bytes: [1, 2] },
  { type: "websocket.send", text: "\ud800" },
  { type: "websocket.close", code: 999 },
  { type: "websocket.close", code: 1005 },
  { type: "websocket.close", code: 1006 },
  { type: "websocket.close", code: 1015 },
  { type: "websocket.close", code: 2000 },
  { type: "websocket.close", code: 5000 },
  { type: "websocket.close", code: "1000" },
  { type: "websocket.close", code: Number.NaN },
  { type: "websocket.close", reason: "x".repeat(124) },
] as unknown as readonly SendEvent[];

const badAccepts = [
  { subprotocol: "c" },
  { subprotocol: "a\r\nSet-Cookie: x" },
  { headers: [["x-a", "1\r\nSet-Cookie: x"]] },
  { headers: [["x a", "1"]] },
  { headers: [["x-a", "\0"]] },
  { headers: [["Sec-WebSocket-Protocol", "a"]] },
  { headers: [["connection", "close"]] },
  { headers: [["content-length", "1"]] },
] as const;

/** Contract §4. */
export const messageCases: readonly Case[] = [
  {
    name: "texts and bytes come back as they were, empty ones included",
    async run(transport) {
      await running(transport, echo, async (server) => {
        const session = await server.connect("/");
        for (const text of ["", "hello", "\ufeffπ ≈ 3 🎈", "x".repeat(70_000), "ü".repeat(200)]) {
          await session.sendText(text);
          assert.equal(await session.receiveText(), text);
        }
        for (const size of [0, 1, 125, 126, 65_535, 65_536, 300_000]) {
          const bytes = new Uint8Array(size).map((_, index) => index);
          await session.sendBytes(bytes);
          assert.deepEqual(await session.receiveBytes(), bytes);
        }
        await session.close();
      });
    },
  },
  {
    name: "a prepared message is a message like any other, however often it is sent",
    async run(transport) {
      const text = prepare({ type: "websocket.send", text: "both" });
      const bytes = prepare({ type: "websocket.send", bytes: new Uint8Array([1, 2, 3]) });
      const application = accepting(async ({ send }) => {
        await send(text);
        await send(bytes);
        await send(text);
      });
      await running(transport, application, async (server) => {
        for (let round = 0; round < 2; round += 1) {
          const session = await server.connect("/");
          assert.equal(await session.receiveText(), "both");
          assert.deepEqual(await session.receiveBytes(), new Uint8Array([1, 2, 3]));
          assert.equal(await session.receiveText(), "both");
          await session.closed;
        }
      });
    },
  },
  {
    name: "a malformed event throws, puts nothing on the wire and leaves the connection as it was",
    async run(transport) {
      const application = accepting(async ({ send }) => {
        for (const event of malformed) {
          const error = await rejection(send(event));
          assert.ok(error instanceof ProtocolError);
          assert.equal(error.code, "ERR_WS_EVENT_INVALID");
        }
        await send({ type: "websocket.send", text: "still here" });
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/");
        assert.equal(await session.receiveText(), "still here");
        assert.equal((await session.closed).code, 1000);
      });
    },
  },
  {
    name: "an accept with a subprotocol that was not offered, or a bad header, throws and can be mended",
    async run(transport) {
      const application = webSocket(async ({ receive, send }) => {
        await receive();
        for (const bad of badAccepts) {
          assert.ok((await rejection(send({ type: "websocket.accept", ...bad }))) instanceof ProtocolError);
        }
        const headers = [
          ["X-Twice", "1"],
          ["x-twice", "2"],
        ] as const;
        await send({ type: "websocket.accept", subprotocol: "b", headers });
      });
      await running(transport, application, async (server) => {
        const session = await server.connect("/", { subprotocols: ["a", "b"] });
        assert.equal(session.subprotocol, "b");
        assert.equal(session.headers.get("x-twice"), "1, 2");
        assert.equal(session.headers.get("set-cookie"), null);
        await session.closed;
      });
    },
  },
  {
    name: "nothing is selected by default: neither a subprotocol nor compression",
    async run(transport) {
      await running(transport, echo, async (server) => {
        const session = await server.connect("/", { perMessageDeflate: true });
        assert.equal(session.subprotocol, "");
        assert.equal(session.headers.get("sec-websocket-protocol"), null);
        assert.equal(session.headers.get("sec-websocket-extensions"), null);
        await session.close();
      });
    },
  },
  {
    name: "a close carries its code and a reason of up to 123 bytes; 1000 and none by default",
    async run(transport) {
      const reason = `${"é".repeat(61)}x`;
      const closes: readonly SendEvent[] = [
        { type: "websocket.close", code: 4_999, reason },
        { type: "websocket.close" },
      ];
      for (const close of closes) {
        await running(
          transport,
          accepting(({ send }) => send(close)),
          async (server) => {
            const session = await server.connect("/");
            const { code = 1000, reason: told = "" } = close as { code?: number; reason?: string };
            assert.deepEqual(await session.closed, { code, reason: told, wasClean: true });
          },
        );
      }
    },
  },
];
