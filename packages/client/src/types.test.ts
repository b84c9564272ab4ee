import { type Channel, channel } from "@ws/contract";
import { expectTypeOf, test } from "vitest";
import { addressOf } from "./address.js";
import { chat } from "./channel/client.fixture.js";
import { type Client, createClient } from "./index.js";
import { type Live, live } from "./live.js";
import { createSocket, type TypedSocket } from "./socket.js";

// Nothing in here runs: what must not compile is compiled by the type check, which fails where one of these lines is no error.

type Chat = Client<typeof chat>;

/** Takes code that is compiled and never run. */
function compiled(_code: (client: Chat) => unknown): void {}

test("a request: its name, its input, its options and its result", () => {
  compiled((client) => {
    // @ts-expect-error: the name is misspelt; expected "say" | "history"
    void client.request("sya", { text: "hi" });
    // @ts-expect-error: the field is misspelt; did you mean 'text'?
    void client.request("say", { txt: "hi" });
    // @ts-expect-error: an input is missing
    void client.request("say");
    // @ts-expect-error: this request takes none
    void client.request("history", { limit: 3 });
    // @ts-expect-error: a time-out is a number, of ms
    void client.request("history", undefined, { timeout: "3s" });
    // @ts-expect-error: messages are sent, not asked
    void client.request("typing", { on: true });
    expectTypeOf(client.request("say", { text: "hi" })).resolves.toEqualTypeOf<{ n: number }>();
    expectTypeOf(client.request("history", undefined, { key: "k" })).resolves.toEqualTypeOf<
      { text: string }[]
    >();
  });
  expectTypeOf<Parameters<Chat["request"]>[0]>().toEqualTypeOf<"say" | "history">();
});

test("a part that the contract has not is named where a name of it is asked for", () => {
  type Bare = Client<typeof bare>;
  const bare = channel("/bare/", { requests: { say: {} } });
  expectTypeOf<Parameters<Bare["send"]>[0]>().toEqualTypeOf<"the contract has no toServer">();
  expectTypeOf<Parameters<Bare["on"]>[0]>().toEqualTypeOf<"the contract has no toClient">();
  expectTypeOf<Parameters<Bare["handle"]>[0]>().toEqualTypeOf<"the contract has no clientRequests">();
  expectTypeOf<Parameters<Bare["subscribe"]>[0]>().toEqualTypeOf<"the contract has no topics">();
  expectTypeOf<Parameters<Bare["request"]>[0]>().toEqualTypeOf<"say">();
});

test("an error: which of them a request declares, and their data", () => {
  compiled((client) => (error: unknown) => {
    // @ts-expect-error: the field is misspelt; did you mean 'until'?
    if (client.isError("say", error)) error.data.untill;
    // @ts-expect-error: this request declares none, so there is nothing to read
    if (client.isError("history", error)) error.data;
    if (client.isError("say", error)) {
      expectTypeOf(error.name).toEqualTypeOf<"muted">();
      expectTypeOf(error.data).toEqualTypeOf<{ until: string }>();
    }
  });
  expectTypeOf<Parameters<Chat["isError"]>[1]>().toBeUnknown();
});

test("a topic: its name, its messages, its members, and that callbacks of messages come with those of gaps", () => {
  compiled(async (client) => {
    // @ts-expect-error: no pattern has that name; expected "said" | `price/${string}`
    client.subscribe("prices/AAPL");
    // @ts-expect-error: onGap is missing: who takes messages by a callback has to take gaps as well
    client.subscribe("said", { onMessage: () => {} });
    // @ts-expect-error: the message has no such field
    client.subscribe("said", { onMessage: (message) => message.from, onGap: () => {} });
    // @ts-expect-error: the field is misspelt; did you mean 'name'?
    client.subscribe("said", { onPresence: ({ joined }) => joined[0]?.as.nam });
    // @ts-expect-error: a position is a text, and travels as it is
    client.subscribe("said", { from: 41 });
    // @ts-expect-error: a topic is read, not written
    client.subscribe("said").push({ text: "hi" });
    for await (const message of client.subscribe("price/AAPL")) {
      expectTypeOf(message).toEqualTypeOf<{ text: string }>();
    }
    expectTypeOf(client.subscribe("said").members).toEqualTypeOf<ReadonlyMap<string, { name: string }>>();
    expectTypeOf(client.subscribe("price/AAPL").members).toEqualTypeOf<ReadonlyMap<string, never>>();
  });
  expectTypeOf<Parameters<Chat["subscribe"]>[0]>().toEqualTypeOf<"said" | `price/${string}`>();
});

test("messages, and requests of the server", () => {
  compiled((client) => {
    // @ts-expect-error: the field is a boolean
    void client.send("typing", { on: "yes" });
    // @ts-expect-error: expected "notice": this name is a topic's
    client.on("said", () => {});
    // @ts-expect-error: the message has no such field
    client.on("notice", ({ body }) => body);
    // @ts-expect-error: the contract wants a boolean for an answer
    client.handle("confirm", () => "yes");
    // @ts-expect-error: the client asks this one
    client.handle("say", () => ({ n: 1 }));
    // @ts-expect-error: the state is the client's to change
    client.state = { phase: "closed" };
  });
  expectTypeOf<Parameters<Chat["on"]>[0]>().toEqualTypeOf<"notice">();
});

test("a client: the type of its channel, and its options", () => {
  compiled(() => {
    const untold = createClient("ws://test/");
    // @ts-expect-error: "the type of the channel is not known: createClient<typeof chat>(…)"
    void untold.request("say", { text: "hi" });
    // @ts-expect-error: the channel is a value; did you mean 'typeof chat'?
    createClient<chat>("ws://test/");
    // @ts-expect-error: did you mean to write 'token'?
    createClient<typeof chat>("ws://test/", { tokn: () => "t" });
    // @ts-expect-error: a token is asked for before each attempt: a function
    createClient<typeof chat>("ws://test/", { token: "t" });
    // @ts-expect-error: an address is missing
    createClient<typeof chat>();
  });
  expectTypeOf(createClient<Channel>)
    .parameter(0)
    .not.toBeAny();
  expectTypeOf<Chat>().toExtend<Client<typeof chat>>();
});

test("an address: what the channel's pattern is filled with, and whose it is", () => {
  compiled(() => {
    // @ts-expect-error: the room is a number
    addressOf(chat, { base: "ws://a", params: { room: "5" } });
    // @ts-expect-error: the parameter is misspelt; did you mean to write 'room'?
    addressOf(chat, { base: "ws://a", params: { rom: 5 } });
    // @ts-expect-error: params are missing
    addressOf(chat, { base: "ws://a" });
    // @ts-expect-error: it has a base
    addressOf(chat, { params: { room: 5 } });
    // @ts-expect-error: the pattern is another one: expected "/chat/<int:room>/"
    addressOf<typeof chat>("/chat/<int:rooms>/", { base: "ws://a", params: { room: 5 } });
    const client = createClient(addressOf(chat, { base: "ws://a", params: { room: 5 } }));
    expectTypeOf(client).toEqualTypeOf<Chat>();
    // @ts-expect-error: the name is misspelt; expected "say" | "history"
    void client.request("sya", { text: "hi" });
    createClient<typeof chat>(
      addressOf<typeof chat>("/chat/<int:room>/", { base: "ws://a", params: { room: 5 } }),
    );
  });
  expectTypeOf(addressOf(channel("/all/", {}), { base: "ws://a" })).toExtend<string>();
});

test("a plain socket: what goes and what comes", () => {
  compiled(async () => {
    const socket = createSocket("ws://test/");
    // @ts-expect-error: without json only texts and bytes travel
    void socket.send({ text: "hi" });
    // @ts-expect-error: a heartbeat has to know its answers
    createSocket("ws://test/", { heartbeat: { every: 1_000, message: "ping" } });
    for await (const message of socket) expectTypeOf(message).toEqualTypeOf<string | Uint8Array>();
  });
  expectTypeOf<TypedSocket["send"]>().parameter(0).toEqualTypeOf<string | Uint8Array>();
});

test("a live value: its snapshot and its messages", () => {
  compiled((client) => {
    // @ts-expect-error: a snapshot has a position, so that no message is counted twice
    live(client, "said", { snapshot: () => ({ value: 0 }), reduce: (value: number) => value });
    const snapshot = (): { value: number; position: string } => ({ value: 0, position: "e.0" });
    // @ts-expect-error: the message has no such field
    live(client, "said", { snapshot, reduce: (value: number, message) => value + message.n });
    // @ts-expect-error: the value is a number
    live(client, "said", { snapshot, reduce: (_value: number, { text }) => text });
    const made = live(client, "said", { snapshot, reduce: (value: number) => value + 1 });
    expectTypeOf(made).toEqualTypeOf<Live<number>>();
  });
  expectTypeOf<Live<number>["value"]>().toEqualTypeOf<number | undefined>();
});
