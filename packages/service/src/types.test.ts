import { createBroadcast, memory } from "@ws/broadcast";
import { channel } from "@ws/contract";
import { authenticate, bearerToken } from "@ws/middleware";
import { createRouter, type ViewRoute } from "@ws/router";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { implement } from "./index.js";

const said = z.object({ text: z.string() });
const chat = channel("/chat/<int:room>/", {
  toServer: { typing: z.object({ on: z.boolean() }) },
  toClient: { notice: said },
  requests: {
    say: {
      input: said,
      output: z.object({ at: z.number() }),
      errors: { muted: z.object({ until: z.string() }) },
    },
    leave: {},
  },
  clientRequests: { confirm: { input: said, output: z.boolean() } },
  topics: { said, "seat/<int:n>": { message: said, presence: z.object({ name: z.string() }) } },
});
const broadcast = createBroadcast({ engine: memory() });
const topic = broadcast.topic("said", said);
const numbers = broadcast.topic("numbers", z.number());

afterAll(() => broadcast.close());

const messages = { typing: () => {} };
const topics = { said: () => topic, "seat/<int:n>": () => topic };
const requests = { say: () => ({ at: 1 }), leave: () => {} };

describe("the types of implement", () => {
  test("tell handlers what they get and what they may give", () => {
    const route = implement(chat, {
      messages: {
        typing: ({ on }, { params, send }) => {
          expectTypeOf(on).toEqualTypeOf<boolean>();
          expectTypeOf(params).toEqualTypeOf<{ readonly room: number }>();
          return send("notice", { text: "" });
        },
      },
      requests: {
        say: async (input, { fail, request, user }) => {
          expectTypeOf(input).toEqualTypeOf<{ text: string }>();
          expectTypeOf(user).toEqualTypeOf<unknown>();
          expectTypeOf(request("confirm", { text: "" })).toEqualTypeOf<Promise<boolean>>();
          return input.text === "" ? fail("muted", { until: "noon" }) : { at: 1 };
        },
        leave: (input) => {
          expectTypeOf(input).toEqualTypeOf<undefined>();
        },
      },
      topics: {
        said: (params) => {
          expectTypeOf(params).toEqualTypeOf<Record<never, never>>();
          return topic;
        },
        "seat/<int:n>": ({ n }) => {
          expectTypeOf(n).toEqualTypeOf<number>();
          return { topic, as: { name: "ann" }, until: AbortSignal.abort() };
        },
      },
    });
    expectTypeOf(route).toEqualTypeOf<ViewRoute<undefined, { readonly room: number }>>();
  });

  test("know the user of the middleware in use, and the name of the route", () => {
    const verify = (token: string): { id: string } => ({ id: token });
    const route = implement(
      chat,
      {
        messages,
        topics,
        requests: {
          ...requests,
          say: (_, { user, state }) => {
            expectTypeOf(user).toEqualTypeOf<{ id: string }>();
            expectTypeOf(state).toEqualTypeOf<{ readonly user: { id: string } }>();
            return { at: 1 };
          },
        },
      },
      { name: "chat", use: [authenticate({ token: bearerToken(), verify })] },
    );
    expect(createRouter([route]).reverse("chat", { room: 5 })).toBe("/chat/5/");
  });

  test("do not take a handler that is missing, or that the channel does not have", () => {
    // @ts-expect-error: there is no handler of leave
    expect(() => implement(chat, { messages, topics, requests: { say: requests.say } })).toThrow(
      "implement: requests.leave: expected a handler, got undefined",
    );
    // @ts-expect-error: there are no topics
    expect(() => implement(chat, { messages, requests })).toThrow(
      "implement: topics.said: expected a handler",
    );
    // @ts-expect-error: the channel has no request sing
    expect(() => implement(chat, { messages, topics, requests: { ...requests, sing: () => {} } })).toThrow(
      'implement: requests: the channel has no "sing"; it has say, leave',
    );
  });

  test("do not take a result, an error or a topic of another type", () => {
    // @ts-expect-error: at is a number
    implement(chat, { messages, topics, requests: { ...requests, say: () => ({ at: "now" }) } });
    implement(chat, {
      messages,
      topics,
      // @ts-expect-error: no such error is declared
      requests: { ...requests, say: (_, { fail }) => fail("banned", { until: "noon" }) },
    });
    implement(chat, {
      messages,
      topics,
      // @ts-expect-error: the data is a text
      requests: { ...requests, say: (_, { fail }) => fail("muted", { until: 12 }) },
    });
    // @ts-expect-error: that topic has numbers
    implement(chat, { messages, requests, topics: { ...topics, said: () => numbers } });
    implement(chat, {
      messages,
      requests,
      // @ts-expect-error: the name is a text
      topics: { ...topics, "seat/<int:n>": () => ({ topic, as: { name: 1 } }) },
    });
    // @ts-expect-error: there is no message shout
    implement(chat, { messages: { typing: (_, { send }) => send("shout", { text: "" }) }, requests, topics });
  });
});

describe("a channel that can't be served is refused", () => {
  const refuse =
    (spec: object, handlers: object = {}, options: object = {}): (() => unknown) =>
    () =>
      implement(channel("/", spec), handlers as never, options);
  const handle = (): void => {};

  test.each([
    [
      "one schema in place of messages",
      { toServer: said },
      {},
      "toServer: expected messages by name, got one schema",
    ],
    [
      "a name of the protocol's",
      { requests: { "$/say": {} } },
      {},
      "names that begin with $/ are the protocol's",
    ],
    ["an empty name", { toClient: { "": said } }, {}, "toClient: expected a name of 1 to 255 characters"],
    [
      "a name that is too long",
      { requests: { ["x".repeat(256)]: {} } },
      {},
      "expected a name of 1 to 255 characters",
    ],
    ["what is no schema", { toServer: { a: "text" } }, {}, "toServer.a: expected a schema"],
    [
      "an error that is no schema",
      { requests: { a: { errors: { b: 1 } } } },
      {},
      "requests.a.b: expected a schema",
    ],
    [
      "a topic that is never reached",
      { topics: { "<a>": said, "<b>": said } },
      { topics: { "<a>": handle, "<b>": handle } },
      "never reached",
    ],
    [
      "a handler that is none",
      { requests: { a: {} } },
      { requests: { a: 5 } },
      "requests.a: expected a handler, got 5",
    ],
    [
      "a handler of a prototype",
      { requests: { toString: {} } },
      { requests: {} },
      "requests.toString: expected a handler",
    ],
    [
      "a handler of nothing",
      {},
      { messages: { a: handle } },
      'messages: the channel has no "a"; it has none',
    ],
  ])("%s", (_, spec, handlers, text) => {
    expect(refuse(spec, handlers)).toThrow(text);
  });

  test("a name of bytes that is not ASCII", async () => {
    const { bytes } = await import("@ws/contract");
    expect(refuse({ toClient: { é: bytes() } })).toThrow("expected ASCII in the name of a message of bytes");
  });

  test.each([
    [{ timeout: 5 }, 'unknown option "timeout": expected name, use, maxMessage'],
    [{ requestTimeout: 0 }, "requestTimeout: expected a whole number from 1 to"],
    [{ clientTimeout: 1.5 }, "clientTimeout: expected a whole number"],
    [{ maxMessage: "1" }, 'maxMessage: expected a whole number from 1 to 536870888, got "1"'],
    [{ replies: {} }, "replies: expected a store, as memoryReplies()"],
    [{ owner: 1 }, "owner: expected a function, got 1"],
    [{ onError: null }, "onError: expected a function, got null"],
  ])("the options %j", (options, text) => {
    expect(refuse({}, {}, options)).toThrow(text);
  });
});
