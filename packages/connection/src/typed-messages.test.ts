import type { Schema } from "@ws/contract";
import { ConnectionClosed, InvalidMessage, ProtocolError } from "@ws/events";
import { connect } from "@ws/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { acceptedConnection, bytes, disconnected, json, rejection, text } from "./events.fixture.js";
import { TypedMessages } from "./typed-messages.js";
import { view } from "./view.fixture.js";

const contract = {
  receive: z.discriminatedUnion("type", [
    z.object({ type: z.literal("join"), room: z.coerce.number<string>() }),
    z.object({ type: z.literal("say"), text: z.string() }),
  ]),
  send: z.object({ type: z.literal("joined"), at: z.date().transform((date) => date.toISOString()) }),
};
const at = new Date(0);

describe("receive", () => {
  test("gives the schema's output, typed", async () => {
    const { socket } = await acceptedConnection(json({ type: "join", room: "5" }));
    const message = await socket.with(contract).receive();
    expect(message).toEqual({ type: "join", room: 5 });
    expectTypeOf(message).toEqualTypeOf<{ type: "join"; room: number } | { type: "say"; text: string }>();
    // @ts-expect-error: only one of the two has a room
    expect(message.room).toBe(5);
  });

  test("is an InvalidMessage for one that breaks the contract, after which the next is received", async () => {
    const { socket } = await acceptedConnection(
      json({ type: "leave" }),
      text("{"),
      bytes(1),
      json({ type: "say", text: "a" }),
    );
    const chat = socket.with(contract);
    for (const code of ["ERR_WS_MESSAGE_SCHEMA", "ERR_WS_MESSAGE_JSON", "ERR_WS_MESSAGE_TYPE"]) {
      const error = await rejection(chat.receive());
      expect(error).toBeInstanceOf(InvalidMessage);
      expect(error).toMatchObject({ code });
    }
    expect(await chat.receive()).toEqual({ type: "say", text: "a" });
  });

  test("takes a signal and the limits of JSON", async () => {
    const { socket, driver } = await acceptedConnection();
    const chat = socket.with(contract);
    expect(await rejection(chat.receive({ signal: AbortSignal.abort("enough") }))).toBe("enough");
    driver.push(json({ type: "say", text: "a" }));
    expect(await rejection(chat.receive({ maxLength: 5 }))).toBeInstanceOf(InvalidMessage);
  });
});

describe("send", () => {
  test("keeps call order, also with a schema that takes its time, and past one that is not valid", async () => {
    const { socket, driver } = await acceptedConnection();
    const gates: (() => void)[] = [];
    const slow = z.number().refine(async (value) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return value !== 2;
    });
    const numbers = socket.with({ receive: z.unknown(), send: slow });
    const sending = [1, 2, 3].map((value) => numbers.send(value));
    // The last is valid first.
    for (const open of gates.toReversed()) open();
    const results = await Promise.allSettled(sending);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(driver.sent.slice(1)).toEqual([
      { type: "websocket.send", text: "1" },
      { type: "websocket.send", text: "3" },
    ]);
  });

  test("keeps call order where a schema takes its time for some messages only", async () => {
    const { socket, driver } = await acceptedConnection();
    let open = (): void => {};
    const sometimes: Schema<number> = {
      "~standard": {
        version: 1,
        vendor: "hand",
        validate: (value) => {
          const result = { value: value as number };
          if (value !== 1) return result;
          return new Promise((resolve) => {
            open = () => resolve(result);
          });
        },
      },
    };
    const numbers = socket.with({ receive: z.unknown(), send: sometimes });
    const sending = [numbers.send(1), numbers.send(2)];
    open();
    await Promise.all(sending);
    await numbers.send(3);
    expect(driver.sent.slice(1).map((event) => "text" in event && event.text)).toEqual(["1", "2", "3"]);
  });

  test("sends the schema's output", async () => {
    const { socket, driver } = await acceptedConnection();
    await socket.with(contract).send({ type: "joined", at });
    expect(driver.sent[1]).toEqual({
      type: "websocket.send",
      text: '{"type":"joined","at":"1970-01-01T00:00:00.000Z"}',
    });
  });

  test("of what breaks the contract does not compile, is a ProtocolError and sends nothing", async () => {
    const { socket, driver } = await acceptedConnection();
    const chat = socket.with(contract);
    // @ts-expect-error: another type
    expect(await rejection(chat.send({ type: "left", at }))).toBeInstanceOf(ProtocolError);
    // @ts-expect-error: no date
    expect(await rejection(chat.send({ type: "joined" }))).toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
    // @ts-expect-error: the output is no input
    expect(await rejection(chat.send({ type: "joined", at: "1970" }))).toMatchObject({
      message: expect.stringContaining('the first at "at"'),
    });
    expect(driver.sent).toHaveLength(1);
  });

  test("takes the schema's input, not its output", async () => {
    const { socket } = await acceptedConnection();
    const chat = socket.with(contract);
    expectTypeOf(chat.send).parameter(0).toEqualTypeOf<{ type: "joined"; at: Date }>();
  });

  test("after the end is a ConnectionClosed, and need not be awaited", async () => {
    const { socket } = await acceptedConnection();
    const chat = socket.with(contract);
    await socket.close();
    expect(await rejection(chat.send({ type: "joined", at }))).toBeInstanceOf(ConnectionClosed);
    // Were it unhandled, the run would fail.
    void chat.send({ type: "joined", at });
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe("iterating", () => {
  test("gives every message, typed, throws at one that breaks the contract, and ends with the connection", async () => {
    const say = (word: string): ReturnType<typeof json> => json({ type: "say", text: word });
    const { socket } = await acceptedConnection(say("a"), json(1), say("b"), disconnected());
    const chat = socket.with(contract);
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const message of chat) {
        expectTypeOf(message).toEqualTypeOf<{ type: "join"; room: number } | { type: "say"; text: string }>();
        seen.push(message.type === "say" ? message.text : "");
      }
    };
    expect(await rejection(read())).toBeInstanceOf(InvalidMessage);
    await read();
    expect(seen).toEqual(["a", "b"]);
  });
});

test("is a view of the same connection", async () => {
  const { socket } = await acceptedConnection(json({ type: "say", text: "a" }), text("b"));
  const chat = socket.with(contract);
  expect(chat).toBeInstanceOf(TypedMessages);
  expect(chat.connection).toBe(socket);
  await chat.receive();
  expect(await socket.receiveText()).toBe("b");
});

test("works over the real server", async () => {
  const application = view(async (socket) => {
    await socket.accept();
    const chat = socket.with(contract);
    for await (const message of chat) if (message.type === "join") await chat.send({ type: "joined", at });
  });
  await using session = await connect(application, "/");
  await session.sendJson({ type: "say", text: "a" });
  await session.sendJson({ type: "join", room: "5" });
  expect(await session.receiveJson()).toEqual({ type: "joined", at: at.toISOString() });
});
