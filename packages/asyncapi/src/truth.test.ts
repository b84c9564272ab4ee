import { closeVerdict } from "@ws/contract/wire";
import { websockets } from "@ws/middleware";
import { start } from "@ws/testing";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { application, chat, info } from "./application.fixture.js";
import { type AsyncApiDocument, asyncapi } from "./index.js";

const document = asyncapi({ info, routes: application() });
const ajv = new Ajv({ strict: false, validateSchema: false });
ajv.addSchema(document, "document");

/** The messages that one side may send, replies included, by the document. */
function messagesFrom(side: "client" | "server", { operations }: AsyncApiDocument): readonly string[] {
  const begins = side === "client" ? "receive" : "send";
  return Object.values(operations).flatMap(({ action, messages, reply }) =>
    (action === begins ? messages : (reply?.messages ?? [])).map(({ $ref }) => $ref),
  );
}

/** The names of the messages that a frame may be, by the document. */
function readAs(side: "client" | "server", frame: unknown): string[] {
  const fitting = messagesFrom(side, document).filter((pointer) => {
    const validate = ajv.getSchema(`document${pointer}/payload`);
    return validate?.(frame) === true;
  });
  return fitting.map((pointer) => String(pointer.split("/").at(-1)));
}

test("the frames of a served channel are those of the document", async () => {
  const server = await start(websockets(application())());
  const session = await server.connect("/v1/chat/5/", { subprotocols: ["jsonrpc.topics.v1"] });
  const send = async (frame: object, name: string): Promise<void> => {
    const whole = { jsonrpc: "2.0", ...frame };
    expect(readAs("client", whole)).toContain(name);
    await session.sendJson(whole);
  };
  const receive = async (name: string): Promise<void> => {
    const frame = await session.receiveJson();
    expect([JSON.stringify(frame), readAs("server", frame)]).toEqual([
      JSON.stringify(frame),
      expect.arrayContaining([name]),
    ]);
  };

  await receive("hello.server");
  await send({ id: 1, method: "$/subscribe", params: { topic: "said" } }, "subscribe.client");
  await receive("subscribe.client.reply");
  await send({ id: "key", method: "say", params: { from: "ann", text: "hello" } }, "say");
  const both = [await session.receiveJson(), await session.receiveJson()];
  expect(both.flatMap((frame) => readAs("server", frame))).toEqual(
    expect.arrayContaining(["event.said", "say.reply"]),
  );
  await send({ id: 2, method: "say", params: { from: "ann", text: "muted" } }, "say");
  await receive("say.error");
  await send(
    { id: 3, method: "$/subscribe", params: { topic: "seat/4", presence: true } },
    "subscribe.client",
  );
  await receive("subscribe.client.reply");
  await receive("presence.seat-int-n");
  await send({ method: "note", params: {} }, "note");
  await receive("noted");
  await send({ id: 4, method: "again" }, "again");
  await receive("again.reply");
  await send({ id: 5, method: "$/ping" }, "ping.client");
  await receive("ping.client.reply");
  await send({ id: 6, method: "$/unsubscribe", params: { topic: "said" } }, "unsubscribe.client");
  await receive("unsubscribe.client.reply");
  await send({ id: 7, method: "$/authenticate", params: { token: "t" } }, "authenticate.client");
  await receive("authenticate.client.error");
  await session.sendJson({ jsonrpc: "2.0", id: 8, method: "say", params: { from: "ann" } });
  await receive("say.error");
  await session.close();
  await server.close({ grace: 100 });
});

test("what the contract refuses is not in the document either", () => {
  for (const frame of [
    { jsonrpc: "2.0", id: 1, method: "say", params: { from: "ann", text: "" } },
    { jsonrpc: "2.0", id: null, method: "again" },
    { jsonrpc: "2.0", id: 1, method: "$/subscribe", params: { topic: "seat/four" } },
    { jsonrpc: "2.0", method: "unknown" },
    { method: "note", params: {} },
  ]) {
    expect(readAs("client", frame)).toEqual([]);
  }
});

test("each close code means what the client makes of it", () => {
  const codes = document.channels["v1.chat"]?.["x-close-codes"] ?? [];
  expect(codes.length).toBeGreaterThan(20);
  for (const { code, kind, client } of codes)
    expect(closeVerdict(code)).toMatchObject({ kind, next: client });
});

test("the same channel without its route says the same of its messages", () => {
  const alone = asyncapi({ info, channels: [chat] });
  expect(Object.keys(alone.channels["chat.room"]?.messages ?? {})).toEqual(
    Object.keys(document.channels["v1.chat"]?.messages ?? {}),
  );
});
