import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createClient, RequestError, type WebSocketConstructor } from "@ws/client";
import { channel } from "@ws/contract";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import {
  type WireClientEvent,
  type WireClientTarget,
  wireClientConformance,
  wireClientProcess,
} from "../wire.js";

const any = z.record(z.string(), z.unknown());
const asked = { input: any, output: any };
const reference = channel("/", {
  toServer: { tell: any },
  toClient: { told: any },
  requests: { echo: asked, fail: asked, wait: asked, count: asked },
  clientRequests: { confirm: asked },
  topics: { log: any, secret: any },
});

type Told = (event: WireClientEvent) => void;

/** The client of this project, as the suite wants it. */
function ours(change: (tell: Told) => Told = (tell) => tell): WireClientTarget {
  return {
    name: "@ws/client",
    open(url, plainly) {
      const tell = change(plainly);
      const client = createClient<typeof reference>(url, {
        WebSocket: WebSocket as unknown as WebSocketConstructor,
      });
      const subscriptions = new Map<string, { unsubscribe(): void }>();
      client.connect().catch(() => {});
      client.onState(({ phase }) => phase === "closed" && tell({ closed: true }));
      client.on("told", (params) => tell({ message: "told", params }));
      client.handle("confirm", (input) => input);
      return {
        send: (name, params) => client.send(name as "tell", { ...params }),
        request: (name, params, options) =>
          client.request(name as "echo", { ...params }, options).catch((error) => {
            if (!(error instanceof RequestError)) throw error;
            const { data, message, status: code } = error;
            throw { code, message, data };
          }),
        subscribe(topic) {
          const subscription = client.subscribe(topic as "log", {
            onMessage: (data) => tell({ topic, data }),
            onGap: ({ missed = null, reason }) => tell({ topic, gap: { reason, missed } }),
            onEnd: (error) => error instanceof RequestError && tell({ topic, ended: error.status }),
          });
          subscriptions.set(topic, subscription);
        },
        unsubscribe: (topic) => subscriptions.get(topic)?.unsubscribe(),
        close: () => client.close(),
      };
    },
  };
}

/** A program that is bundled before the tests. */
const program = fileURLToPath(new URL("../../reports/hand-written.fixture.mjs", import.meta.url));

wireClientConformance(ours(), { describe, test });
wireClientConformance(
  wireClientProcess("a client that is written by hand", [process.execPath, program], ["drain"]),
  { describe, test },
);

interface Sentence {
  readonly name: string;
  readonly run: () => Promise<void>;
}

function sentencesOf(target: WireClientTarget): Sentence[] {
  const all: Sentence[] = [];
  wireClientConformance(target, {
    describe: (_name, body) => body(),
    test: (name, run) => all.push({ name, run }),
  });
  return all;
}

/** The sentences about topics that a client breaks which tells something else. */
async function broken(change: (tell: Told) => Told): Promise<string[]> {
  const found: string[] = [];
  const about = sentencesOf(ours(change)).filter(({ name }) => /position that|gap that|fence/.test(name));
  for (const { name, run } of about) {
    await run().catch((error) => {
      found.push(`${name.slice(0, 8)}: ${error.name}`);
    });
  }
  return found;
}

test("a client that breaks the protocol is found by what it tells", async () => {
  expect(await broken((tell) => tell)).toEqual([]);
  const twice =
    (tell: Told): Told =>
    (event) => {
      tell(event);
      tell(event);
    };
  expect(await broken(twice)).toEqual([
    "after a : AssertionError",
    "a positi: AssertionError",
    "a gap th: AssertionError",
  ]);
  const silent =
    (tell: Told): Told =>
    (event) => {
      if (!("gap" in event)) tell(event);
    };
  expect(await broken(silent)).toEqual(["a positi: AssertionError", "a gap th: AssertionError"]);
});

test("a program that can't be started fails what needs it", async () => {
  const [{ run }] = sentencesOf(wireClientProcess("none", ["/no/such/program"])) as [Sentence];
  await expect(run()).rejects.toMatchObject({ code: "ENOENT" });
});

test("what a program writes beside its lines is told, and a request that it does not answer fails when it ends", async () => {
  const script =
    'console.log("ready"); console.log("{\\"n\\":7}"); process.stdin.once("data", () => process.exit(3));';
  const told: WireClientEvent[] = [];
  const target = wireClientProcess("chatty", [process.execPath, "-e", script]);
  const client = await target.open("ws://127.0.0.1/", (event) => told.push(event));
  const ended = "the program ended with 3, and has not answered echo";
  await expect(client.request("echo", {}, {})).rejects.toThrow(ended);
  await expect(client.request("echo", {}, {})).rejects.toThrow(ended);
  expect(told).toEqual([
    { message: "expected an object as JSON, got the line: ready", params: undefined },
    { message: "expected the outcome of a request, got one of 7", params: { n: 7 } },
  ]);
  await client.close();
});

test.each([
  ["of another version", '{"jsonrpc":"1.0","method":"tell","params":{"text":"hi"}}'],
  ["that are no JSON", "tell"],
  ["of bytes", new Uint8Array(1)],
])("a client that sends messages %s is found by them", async (_what, data) => {
  const target: WireClientTarget = {
    name: "a socket",
    async open(url) {
      const socket = new WebSocket(url, ["jsonrpc.topics.v1"]);
      await once(socket, "open");
      const never = (): never => {
        throw new Error("nothing else is asked of it");
      };
      return {
        send() {
          // A sign of life that it asks for is answered, and is not what a test waits for.
          socket.send('{"jsonrpc":"2.0","id":1,"method":"$/ping"}');
          socket.send(data);
        },
        request: never,
        subscribe: never,
        unsubscribe: never,
        close: () => socket.close(),
      };
    },
  };
  const all = sentencesOf(target).filter(({ name }) => name.startsWith("a message has no id"));
  for (const { run } of all) await expect(run()).rejects.toThrow("expected tell, got");
  expect(all).toHaveLength(1);
});

test("a program that has ended is told nothing more, and takes nothing with it", async () => {
  const target = wireClientProcess("gone", [process.execPath, "--eval", "process.exit()"]);
  const told: WireClientEvent[] = [];
  const client = await target.open("ws://127.0.0.1/", (event) => told.push(event));
  await client.close();
  await client.send("tell", {});
  await client.close();
  expect(told).toEqual([]);
});

test("a client that can't do what a sentence needs is not asked to", () => {
  const all = sentencesOf(ours()).length;
  expect(sentencesOf({ ...ours(), lacks: ["cancel", "drain"] })).toHaveLength(all - 2);
  expect(sentencesOf({ ...ours(), lacks: ["keys"] })).toHaveLength(all - 1);
});
