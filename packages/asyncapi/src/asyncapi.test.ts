import { bytes, channel, type Schema } from "@ws/contract";
import { createRouter, RouteError, websocket } from "@ws/router";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { application, feed, info } from "./application.fixture.js";
import { type AsyncApiDocument, asyncapi, type JsonSchema, type Message, type Operation } from "./index.js";

const whole = asyncapi({
  info,
  routes: application(),
  channels: [feed],
  servers: { production: { host: "chat.example.com", protocol: "wss", pathname: "/api" } },
});

/** What a pointer leads to. */
function at(document: AsyncApiDocument, { $ref }: { readonly $ref: string }): unknown {
  let found: unknown = document;
  for (const key of $ref.slice(2).split("/")) found = (found as Record<string, unknown>)[key];
  return found;
}

function operation(key: string): Operation {
  const found = whole.operations[key];
  if (found === undefined)
    throw new Error(`no ${key}; there are ${Object.keys(whole.operations).join(", ")}`);
  return found;
}

function messagesOf({ messages }: Pick<Operation, "messages">): Message[] {
  return messages.map((each) => at(whole, each) as Message);
}

/** The part of a payload that stands under a property, with its reference followed. */
function inside(schema: JsonSchema | undefined, ...keys: readonly string[]): JsonSchema {
  let found = schema as { readonly properties: Record<string, JsonSchema>; readonly $ref?: string };
  for (const key of keys) {
    found = found.properties[key] as unknown as typeof found;
    if (found.$ref !== undefined) found = at(whole, { $ref: found.$ref }) as typeof found;
  }
  return found as unknown as JsonSchema;
}

describe("routes are channels", () => {
  test("with their address, which is that of the prefix that they stand under", () => {
    const addresses = Object.values(whole.channels).map(({ address }) => address);
    expect(addresses).toEqual(["/v1/chat/{room}/", "/feed/", "/files/%7Bx%7D%20%C3%BC/{n}/{name}/{rest}"]);
  });

  test("with what each parameter may be", () => {
    const [first, , last] = Object.values(whole.channels);
    expect(first?.parameters).toEqual({ room: { description: "a whole number, in decimal" } });
    expect(last?.parameters).toEqual({
      n: { description: "what the application's own converter takes" },
      name: { description: "any text without a slash" },
      rest: { description: "the rest of the path, slashes included" },
    });
  });

  test("by the route's name, else by the address; a list of routes is as good as a router", () => {
    expect(Object.keys(whole.channels)).toEqual(["v1.chat", "feed", "files.7Bx-7D-20-C3-BC.n.name.rest"]);
    expect(Object.keys(asyncapi({ info, routes: application().routes }).channels)).toEqual(
      Object.keys(whole.channels),
    );
    const root = asyncapi({ info, routes: [websocket("/", async () => {})] });
    expect(Object.keys(root.channels)).toEqual(["root"]);
  });

  test("a view of one's own is there without messages, and says so", () => {
    const [, , last] = Object.values(whole.channels);
    expect(last?.messages).toEqual({});
    expect(last?.description).toMatch(/not declared/);
  });

  test("a channel that no route leads to is refused, with the routes that there are", () => {
    const routes = createRouter([websocket("/v1/feed/", async () => {})]);
    expect(() => asyncapi({ info, routes, channels: [feed] })).toThrow(
      /route of the channel "\/feed\/", got \/v1\/feed\/.*prefix/,
    );
    expect(() => asyncapi({ info, routes: [], channels: [feed] })).toThrow(/got none/);
  });

  test("a bad pattern is refused as the router refuses it", () => {
    expect(() => asyncapi({ info, channels: [channel("/<int:", {})] })).toThrow(RouteError);
    const topics = { "a/<nope:x>": z.string() };
    expect(() => asyncapi({ info, channels: [channel("/a/", { topics })] })).toThrow(RouteError);
  });
});

describe("messages", () => {
  test("of the client are received with the input of their schema, those of the server sent with its output", () => {
    const received = operation("v1.chat.receive.note");
    expect(received.action).toBe("receive");
    expect(inside(messagesOf(received)[0]?.payload, "params")["required"]).toBeUndefined();
    const sent = operation("v1.chat.send.noted");
    expect(sent.action).toBe("send");
    expect(inside(messagesOf(sent)[0]?.payload, "params")["required"]).toEqual(["text"]);
  });

  test("stand in the envelope", () => {
    const [message] = messagesOf(operation("v1.chat.receive.note"));
    expect(message?.payload).toMatchObject({
      properties: { jsonrpc: { const: "2.0" }, method: { const: "note" } },
      required: ["jsonrpc", "method", "params"],
    });
  });

  test("of bytes are binary frames", () => {
    const [message] = messagesOf(operation("v1.chat.send.picture"));
    expect(message?.contentType).toBe("application/octet-stream");
    expect(message?.summary).toMatch(/length of the name.*"picture"/);
  });

  test("of a channel of plain JSON are what their schema says, without the envelope", () => {
    const [message] = messagesOf(operation("feed.receive.toServer"));
    expect(at(whole, message?.payload as unknown as { $ref: string })).toMatchObject({
      properties: { symbol: { type: "string" } },
    });
    expect(Object.keys(whole.operations).filter((key) => key.startsWith("feed."))).toEqual([
      "feed.receive.toServer",
      "feed.send.toClient",
    ]);
    expect(whole.channels["feed"]).not.toHaveProperty("x-close-codes");
  });

  test("of plain bytes have no schema", () => {
    const document = asyncapi({ info, channels: [channel("/raw/", { toClient: bytes() })] });
    expect(document.channels["raw"]?.messages["toClient"]).toMatchObject({
      contentType: "application/octet-stream",
    });
    expect(document.components.schemas).toEqual({});
  });

  test("of plain JSON beside others are refused", () => {
    const plain = z.object({});
    for (const spec of [
      { toServer: plain, requests: {} },
      { toServer: plain, toClient: { named: plain } },
    ]) {
      expect(() => asyncapi({ info, channels: [channel("/a/", spec)] })).toThrow(
        /"\/a\/": expected one schema for all messages alone, got (requests|messages by name) beside it/,
      );
    }
  });
});

describe("requests", () => {
  test("have a reply and an error with what they declare, on the channel itself", () => {
    const { reply, channel: own } = operation("v1.chat.receive.say");
    expect(reply?.channel).toEqual(own);
    const [answer, error] = messagesOf(reply as Operation);
    expect(inside(answer?.payload, "result")["required"]).toEqual(["count"]);
    const [declared, ofTheProtocol] = inside(error?.payload, "error")["anyOf"] as JsonSchema[];
    expect(declared).toMatchObject({ properties: { code: { const: 1 }, message: { const: "muted" } } });
    expect((inside(ofTheProtocol, "code")["enum"] as number[]).includes(-32602)).toBe(true);
    expect((inside(ofTheProtocol, "code")["enum"] as number[]).includes(1)).toBe(false);
  });

  test("without input and output have no params, and null for a result", () => {
    const again = operation("v1.chat.receive.again");
    const [asked] = messagesOf(again);
    expect(asked?.payload["properties"]).not.toHaveProperty("params");
    expect(asked?.summary).toMatch(/may run twice/i);
    expect(inside(messagesOf(again.reply as Operation)[0]?.payload, "result")).toEqual({ type: "null" });
  });

  test("of the server are sent, with the output of what they ask and the input of what is answered", () => {
    const confirm = operation("v1.chat.send.confirm");
    expect(inside(messagesOf(confirm)[0]?.payload, "params")["required"]).toEqual(["text"]);
    const [answer] = messagesOf(confirm.reply as Operation);
    expect(inside(answer?.payload, "result")["required"]).toBeUndefined();
  });
});

describe("the protocol's own part", () => {
  test("topics are events, subscribed to by the names that their patterns allow", () => {
    const [event] = messagesOf(operation("v1.chat.send.event.seat-int-n"));
    expect(inside(event?.payload, "params")["required"]).toEqual(["topic", "at"]);
    const [subscribe] = messagesOf(operation("v1.chat.receive.subscribe.client"));
    const names = inside(subscribe?.payload, "params", "topic")["anyOf"] as JsonSchema[];
    expect(names[0]).toEqual({ type: "string", const: "said" });
    const expressions = names.slice(1).map(({ pattern }) => new RegExp(String(pattern)));
    expect("seat/4").toMatch(expressions[0] as RegExp);
    expect("seat/four").not.toMatch(expressions[0] as RegExp);
    expect("a.b/x_Y.01234567-89ab-cdef-0123-456789abcdef").toMatch(expressions[1] as RegExp);
    expect("axb/x.01234567-89ab-cdef-0123-456789abcdef").not.toMatch(expressions[1] as RegExp);
  });

  test("presence is there for topics that have it, and no topic's methods without topics", () => {
    const keys = Object.keys(whole.operations);
    expect(keys.filter((key) => key.includes("presence"))).toEqual(["v1.chat.send.presence.seat-int-n"]);
    const quiet = asyncapi({ info, channels: [channel("/quiet/", { toServer: { a: z.object({}) } })] });
    expect(Object.keys(quiet.operations)).toEqual([
      "quiet.receive.a",
      "quiet.send.hello.server",
      "quiet.receive.ping.client",
      "quiet.send.ping.server",
      "quiet.receive.cancelRequest.client",
      "quiet.send.cancelRequest.server",
      "quiet.receive.authenticate.client",
      "quiet.send.drain.server",
    ]);
  });

  test("the handshake names the subprotocol, and the channel its error and close codes", () => {
    const own = whole.channels["v1.chat"];
    expect(JSON.stringify(own?.bindings)).toContain("jsonrpc.topics.v1");
    expect(own?.["x-error-codes"]).toMatchObject({ invalidParams: -32602, declared: 1 });
    expect(own?.["x-close-codes"]).toContainEqual({ code: 1012, kind: "restart", client: "retry" });
    expect(own?.["x-close-codes"]).toContainEqual({ code: 3000, kind: "unauthorized", client: "token" });
  });
});

describe("a schema that can't be said", () => {
  const standard: Schema = {
    "~standard": { version: 1, vendor: "old", validate: (value) => ({ value }) },
  };

  test("for it has no Standard JSON Schema, is named with its channel and message", () => {
    const old = channel("/old/", { requests: { say: { output: standard } } });
    expect(() => asyncapi({ info, channels: [old] })).toThrow(
      /asyncapi: "\/old\/": requests\.say\.output: expected a schema with Standard JSON Schema.*an older version/,
    );
  });

  test("for JSON has no word for it, is named with what the library says", () => {
    for (const [schema, said] of [
      [z.date(), /toClient\.a: expected a schema whose output can be said in JSON Schema: .*Date/],
      [z.string().transform(Number), /Transforms.*pipe it into one/],
    ] as const) {
      expect(() => asyncapi({ info, channels: [channel("/a/", { toClient: { a: schema } })] })).toThrow(said);
    }
    const thrower = { ...standard["~standard"], jsonSchema: { input() {}, output: () => Promise.reject } };
    thrower.jsonSchema.output = () => {
      throw "a text";
    };
    const odd = { "~standard": thrower } as Schema;
    expect(() => asyncapi({ info, channels: [channel("/a/", { toClient: { a: odd } })] })).toThrow(/a text/);
  });

  test("is given by `convert`, which is told where it stands and may leave the others as they are", () => {
    const places: unknown[] = [];
    const document = asyncapi({
      info,
      channels: [channel("/a/", { toClient: { old: standard, fine: z.string() } })],
      convert: (schema, place) => {
        places.push(place);
        return schema === standard ? { type: "string", format: "date" } : undefined;
      },
    });
    expect(places).toEqual([
      { channel: "/a/", part: "toClient.old", sender: "server" },
      { channel: "/a/", part: "toClient.fine", sender: "server" },
    ]);
    expect(Object.values(document.components.schemas)).toEqual([
      { type: "string", format: "date" },
      { type: "string" },
    ]);
  });
});
