import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  bytes,
  type Channel,
  type ClientRequestName,
  channel,
  type ErrorData,
  type EventName,
  type Filled,
  type GivenOutput,
  type In,
  isBytes,
  type MessageName,
  type MessageSchema,
  type Out,
  type ParamsOf,
  type PatternOf,
  type ReceivedInput,
  type RequestErrors,
  type RequestInput,
  type RequestName,
  type RequestOf,
  type RequestOutput,
  type TopicMessage,
  type TopicName,
  type TopicOf,
  type TopicPresence,
} from "./index.js";

const said = z.object({ from: z.string(), text: z.string() });
const who = z.object({ name: z.string() });
const shop = channel("/shop/<int:id>/", {
  toServer: { typing: z.object({ on: z.boolean() }), picture: bytes() },
  toClient: { notice: z.object({ text: z.string().default("") }) },
  requests: {
    say: { input: said, output: z.object({ at: z.string().transform(Number) }), errors: { muted: who } },
    list: { output: z.array(z.string()) },
    leave: {},
  },
  clientRequests: { confirm: { input: who, output: z.boolean() } },
  topics: {
    said,
    "price/<slug:symbol>": z.number(),
    "price/all": z.string(),
    "seat/<int:n>": { message: said, presence: who },
  },
});
type Shop = typeof shop;

test("a channel holds its pattern and its contract", () => {
  expect(shop.pattern).toBe("/shop/<int:id>/");
  expect(Object.keys(shop.spec)).toEqual(["toServer", "toClient", "requests", "clientRequests", "topics"]);
  const any: Channel = shop;
  expect(any.spec.topics?.said).toBe(said);
});

test("the schema of bytes takes a Uint8Array and nothing else", () => {
  const schema = bytes();
  const value = Uint8Array.of(1);
  expect(schema["~standard"].validate(value)).toEqual({ value });
  expect(schema["~standard"].validate([1])).toEqual({
    issues: [{ message: "expected bytes (a Uint8Array)" }],
  });
  expect([isBytes(schema), isBytes(said)]).toEqual([true, false]);
});

describe("the types of a channel", () => {
  test("name what travels", () => {
    expectTypeOf<MessageName<Shop>>().toEqualTypeOf<"typing" | "picture">();
    expectTypeOf<EventName<Shop>>().toEqualTypeOf<"notice">();
    expectTypeOf<RequestName<Shop>>().toEqualTypeOf<"say" | "list" | "leave">();
    expectTypeOf<ClientRequestName<Shop>>().toEqualTypeOf<"confirm">();
    expectTypeOf<TopicName<Shop>>().toEqualTypeOf<"said" | `price/${string}` | `seat/${number}`>();
    expectTypeOf<ParamsOf<Shop["pattern"]>>().toEqualTypeOf<{ readonly id: number }>();
  });

  test("say what goes in and what comes out", () => {
    expectTypeOf<In<MessageSchema<Shop, "picture">>>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<RequestInput<RequestOf<Shop, "say">>>().toEqualTypeOf<{ from: string; text: string }>();
    expectTypeOf<ReceivedInput<RequestOf<Shop, "say">>>().toEqualTypeOf<{ from: string; text: string }>();
    expectTypeOf<GivenOutput<RequestOf<Shop, "say">>>().toEqualTypeOf<{ at: string }>();
    expectTypeOf<RequestOutput<RequestOf<Shop, "say">>>().toEqualTypeOf<{ at: number }>();
    expectTypeOf<RequestInput<RequestOf<Shop, "leave">>>().toEqualTypeOf<undefined>();
    expectTypeOf<RequestOutput<RequestOf<Shop, "leave">>>().toEqualTypeOf<undefined>();
    expectTypeOf<RequestOutput<RequestOf<Shop, "list">>>().toEqualTypeOf<string[]>();
    expectTypeOf<Out<undefined>>().toEqualTypeOf<undefined>();
  });

  test("know the errors that a request declares", () => {
    expectTypeOf<RequestErrors<RequestOf<Shop, "say">>>().toEqualTypeOf<{
      readonly name: "muted";
      readonly data: { name: string };
    }>();
    expectTypeOf<RequestErrors<RequestOf<Shop, "leave">>>().toEqualTypeOf<never>();
    expectTypeOf<ErrorData<RequestOf<Shop, "say">, "muted">>().toEqualTypeOf<{ name: string }>();
  });

  test("find the topic of a filled name, the literal one first", () => {
    expectTypeOf<PatternOf<Shop, "price/AAPL">>().toEqualTypeOf<"price/<slug:symbol>">();
    expectTypeOf<PatternOf<Shop, "price/all">>().toEqualTypeOf<"price/all">();
    expectTypeOf<TopicMessage<Shop, "price/AAPL">>().toEqualTypeOf<number>();
    expectTypeOf<TopicMessage<Shop, "price/all">>().toEqualTypeOf<string>();
    expectTypeOf<TopicMessage<Shop, "seat/4">>().toEqualTypeOf<{ from: string; text: string }>();
    expectTypeOf<TopicMessage<Shop, `seat/${number}`>>().toEqualTypeOf<{ from: string; text: string }>();
    expectTypeOf<TopicPresence<Shop, "seat/4">>().toEqualTypeOf<{ name: string }>();
    expectTypeOf<TopicPresence<Shop, "said">>().toEqualTypeOf<never>();
    expectTypeOf<TopicOf<Shop, "said">["message"]>().toEqualTypeOf<typeof said>();
    expectTypeOf<Filled<"a/<b>/<int:c>.<slug:d>">>().toEqualTypeOf<`a/${string}/${number}.${string}`>();
  });

  test("have no names where the contract is one schema, or has no such part", () => {
    const plain = channel("/echo/", { toServer: z.string(), toClient: z.string() });
    expectTypeOf<MessageName<typeof plain>>().toEqualTypeOf<never>();
    expectTypeOf<RequestName<typeof plain>>().toEqualTypeOf<never>();
    expectTypeOf<TopicName<typeof plain>>().toEqualTypeOf<never>();
    // @ts-expect-error: a pattern begins with a slash
    expect(channel("echo", {}).pattern).toBe("echo");
    // @ts-expect-error: a schema is no name
    expect(channel("/", { requests: { say: { input: "text" } } }).pattern).toBe("/");
  });
});
