import { RequestError } from "@ws/client";
import { channel } from "@ws/contract";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { stubClient } from "./stub-client.js";

const said = z.object({ text: z.string() });
const chat = channel("/chat/", {
  toServer: { typing: z.object({ on: z.boolean() }) },
  toClient: { notice: said },
  requests: {
    say: { input: said, output: z.number(), errors: { muted: z.object({ until: z.string() }) } },
    leave: {},
  },
  topics: { said },
});

test("requests are answered by handlers, with results and declared errors, and what was sent is kept", async () => {
  const { client, sent } = stubClient<typeof chat>({
    say: ({ text }) => {
      if (text === "") throw new RequestError("muted", { until: "noon" });
      return text.length;
    },
  });
  onTestFinished(() => client.close());
  await client.send("typing", { on: true });
  expect(await client.request("say", { text: "hey" })).toBe(3);
  const error: unknown = await client.request("say", { text: "" }).catch((thrown) => thrown);
  expect(client.isError("say", error) && error.data.until).toBe("noon");
  await expect(client.request("leave")).rejects.toThrow("the stub has no handler leave");
  expect(sent).toEqual([
    { name: "typing", input: { on: true } },
    { name: "say", input: { text: "hey" } },
    { name: "say", input: { text: "" } },
    { name: "leave", input: undefined },
  ]);
});

test("a handler that fails is an internal error, one that gives nothing answers null", async () => {
  const { client } = stubClient<typeof chat>({
    say: () => {
      throw new Error("broken");
    },
    leave: () => undefined,
  });
  onTestFinished(() => client.close());
  await expect(client.request("say", { text: "" })).rejects.toMatchObject({ status: -32603 });
  expect(await client.request("leave")).toBeNull();
});

test("messages and topics reach the client, and a cut loses none of what is published", async () => {
  const { client, cut, publish, send } = stubClient<typeof chat>();
  onTestFinished(() => client.close());
  const notices: string[] = [];
  client.on("notice", ({ text }) => notices.push(text));
  const heard: string[] = [];
  const subscription = client.subscribe("said");
  await subscription.joined;
  send("notice", { text: "hi" });
  publish("said", { text: "1" });
  cut();
  send("notice", { text: "lost" });
  publish("said", { text: "2" });
  await client.connect();
  publish("said", { text: "3" });
  for await (const { text } of subscription) {
    heard.push(text);
    if (heard.length === 3) break;
  }
  publish("said", { text: "4" });
  expect([heard, notices]).toEqual([["1", "2", "3"], ["hi"]]);
});

test("a client that is closed before its socket opens stays closed", async () => {
  const { client } = stubClient<typeof chat>();
  client.connect().catch(() => {});
  client.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(client.state.phase).toBe("closed");
});

test("a request that is given up is cancelled, which is no message of the application's", async () => {
  const { client, sent } = stubClient<typeof chat>({ leave: () => new Promise<never>(() => {}) });
  onTestFinished(() => client.close());
  await client.connect();
  const giving = new AbortController();
  const leaving = client.request("leave", undefined, { signal: giving.signal });
  giving.abort(new Error("given up"));
  await expect(leaving).rejects.toThrow("given up");
  expect(sent).toEqual([{ name: "leave", input: undefined }]);
});

test("an answer that comes after the connection was lost goes nowhere", async () => {
  let answer!: (n: number) => void;
  const { client, cut } = stubClient<typeof chat>({
    say: () =>
      new Promise<number>((resolve) => {
        answer = resolve;
      }),
  });
  onTestFinished(() => client.close());
  await client.connect();
  const saying = client.request("say", { text: "hey" });
  cut();
  answer(3);
  await expect(saying).rejects.toMatchObject({ code: "ERR_WS_CONNECTION_LOST" });
});

test("a topic is ended, and the client sent away, as a server does it", async () => {
  const { client, cut, end } = stubClient<typeof chat>();
  const next = client.subscribe("said")[Symbol.asyncIterator]().next();
  await client.connect();
  end("said");
  end("said");
  await expect(next).rejects.toMatchObject({ message: "revoked", status: -32001 });
  cut(4403, "blocked");
  expect(client.state).toMatchObject({ phase: "closed", down: { code: 4403, reason: "blocked" } });
});
