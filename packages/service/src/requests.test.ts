import { channel } from "@ws/contract";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { broadcastOf, deferred, type Frame, greeted, served, until, WireClient } from "./client.fixture.js";
import { implement, memoryReplies } from "./index.js";

const text = z.object({ text: z.string().min(1).max(20) });
const chat = channel("/chat/<int:room>/", {
  requests: {
    say: {
      input: text,
      output: z.object({ at: z.number() }),
      errors: { muted: z.object({ until: z.string() }) },
    },
    wait: { input: z.object({ name: z.string() }) },
    leave: {},
  },
});

interface Heard {
  readonly calls: string[];
  readonly signals: Map<string, AbortSignal>;
  readonly gates: Map<string, () => void>;
  readonly errors: unknown[];
}

/** The chat, whose `wait` ends when the test says so. */
function chatRoute(heard: Heard, options: { requestTimeout?: number } = {}) {
  return implement(
    chat,
    {
      requests: {
        say: async ({ text: said }, { params, fail, deny }) => {
          heard.calls.push(`say ${said} in ${params.room}`);
          if (said === "muted") return fail("muted", { until: "noon" });
          if (said === "denied") return deny();
          if (said === "bad") return { at: "no" as never };
          if (said === "error") throw new Error("the database's password is wrong");
          return { at: said.length };
        },
        wait: async ({ name }, { signal }) => {
          heard.calls.push(`wait ${name}`);
          heard.signals.set(name, signal);
          const { promise, resolve } = deferred();
          heard.gates.set(name, resolve);
          await promise;
        },
        leave: () => {
          heard.calls.push("leave");
          return "dropped";
        },
      },
    },
    { onError: (error) => heard.errors.push(error), ...options },
  );
}

function hearing(): Heard {
  return { calls: [], signals: new Map(), gates: new Map(), errors: [] };
}

async function chatting(
  options: { requestTimeout?: number } = {},
): Promise<{ heard: Heard; client: WireClient }> {
  const heard = hearing();
  const server = await served([chatRoute(heard, options)]);
  return { heard, client: await greeted(server, "/chat/5/") };
}

describe("a handshake", () => {
  test("is answered with the protocol, and a hello of its limits", async () => {
    const server = await served([chatRoute(hearing())]);
    const session = await server.connect("/chat/5/", { subprotocols: ["other", "jsonrpc.topics.v1"] });
    expect(session.subprotocol).toBe("jsonrpc.topics.v1");
    expect(await session.receiveText()).toBe(
      '{"jsonrpc":"2.0","method":"$/hello","params":{"maxMessage":1048576,"topics":256}}',
    );
  });

  test("of a client that offers no subprotocol is taken, without a hello", async () => {
    const server = await served([chatRoute(hearing())]);
    const client = new WireClient(await server.connect("/chat/5/"));
    expect(client.session.subprotocol).toBe("");
    expect(await client.request("leave")).toEqual({ id: 1, result: null });
  });

  test("of a client that speaks something else is refused with 400", async () => {
    const server = await served([chatRoute(hearing())]);
    await expect(server.connect("/chat/5/", { subprotocols: ["graphql-ws"] })).rejects.toMatchObject({
      status: 400,
    });
  });
});

describe("a request", () => {
  test("is answered with its result, by its id", async () => {
    const { client, heard } = await chatting();
    expect(await client.request("say", { text: "hello" })).toEqual({ id: 1, result: { at: 5 } });
    expect(await client.request("leave")).toEqual({ id: 2, result: null });
    expect(heard.calls).toEqual(["say hello in 5", "leave"]);
  });

  test("against the contract is answered with the first issues, and reaches no handler", async () => {
    const { client, heard } = await chatting();
    const { error } = await client.request("say", { text: "" });
    expect(error).toMatchObject({ code: -32602, data: { issues: [{ path: "text" }] } });
    expect((await client.request("say")).error).toMatchObject({ code: -32602 });
    expect(heard.calls).toEqual([]);
  });

  test("may fail with an error that the contract declares", async () => {
    const { client, heard } = await chatting();
    const error = { code: 1, message: "muted", data: { until: "noon" } };
    expect(await client.request("say", { text: "muted" })).toEqual({ id: 1, error });
    expect(heard.errors).toEqual([]);
  });

  test("that the user may not make is answered so", async () => {
    const { client } = await chatting();
    expect((await client.request("say", { text: "denied" })).error).toEqual({
      code: -32001,
      message: "not allowed",
    });
  });

  test("whose handler fails is an internal error, and no more is told", async () => {
    const { client, heard } = await chatting();
    const error = { code: -32603, message: "internal error" };
    expect(await client.request("say", { text: "error" })).toEqual({ id: 1, error });
    expect(await client.request("say", { text: "bad" })).toEqual({ id: 2, error });
    expect(heard.errors).toEqual([
      new Error("the database's password is wrong"),
      expect.objectContaining({ code: "ERR_WS_EVENT_INVALID" }),
    ]);
  });

  test("that nobody knows is answered so", async () => {
    const { client } = await chatting();
    for (const method of ["sing", "$/later", "toString", "__proto__", "$/authenticate"]) {
      const { error } = await client.request(method, {});
      expect(error).toEqual({ code: -32601, message: `there is no request "${method}"` });
    }
  });

  test("that takes too long is answered with -32800, and its signal is aborted", async () => {
    const { client, heard } = await chatting({ requestTimeout: 20 });
    expect((await client.request("wait", { name: "a" })).error).toEqual({
      code: -32800,
      message: "timed out",
    });
    expect(heard.signals.get("a")?.reason).toMatchObject({ name: "TimeoutError" });
    heard.gates.get("a")?.();
  });

  test("is aborted where the connection ends", async () => {
    const { client, heard } = await chatting();
    await client.ask("wait", { name: "a" });
    await client.request("$/ping");
    const signal = heard.signals.get("a") as AbortSignal;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    client.session.terminate();
    await aborted;
    expect(signal.reason).toMatchObject({ name: "ConnectionClosed" });
    heard.gates.get("a")?.();
  });
});

describe("a cancelled request", () => {
  test("is answered with -32800 at once, and its signal is aborted", async () => {
    const { client, heard } = await chatting();
    const id = await client.ask("wait", { name: "a" });
    await client.request("$/ping");
    await client.notify("$/cancelRequest", { id });
    expect(await client.next()).toEqual({ id, error: { code: -32800, message: "cancelled" } });
    expect(heard.signals.get("a")?.reason).toMatchObject({ name: "AbortError" });
    heard.gates.get("a")?.();
    expect(await client.request("$/ping")).toEqual({ id: 3, result: null });
  });

  test("is not run where it still waited", async () => {
    const { client, heard } = await chatting();
    for (let count = 0; count < 17; count += 1) await client.ask("wait", { name: String(count) });
    await client.notify("$/cancelRequest", { id: 17 });
    expect((await client.next()).id).toBe(17);
    for (const open of heard.gates.values()) open();
    await client.frames(16);
    expect(heard.calls).not.toContain("wait 16");
  });

  test("that is none, or somebody else's, is ignored", async () => {
    const heard = hearing();
    const server = await served([chatRoute(heard)]);
    const [one, other] = [await greeted(server, "/chat/1/"), await greeted(server, "/chat/1/")];
    await one.ask("wait", { name: "a" });
    await one.request("$/ping");
    for (const id of [1, 2, "1", null, {}, undefined]) await other.notify("$/cancelRequest", { id });
    await other.notify("$/cancelRequest");
    expect(await other.request("$/ping")).toEqual({ id: 1, result: null });
    expect(heard.signals.get("a")?.aborted).toBe(false);
    heard.gates.get("a")?.();
    expect(await one.next()).toEqual({ id: 1, result: null });
  });
});

describe("requests of one connection", () => {
  test("start in their order, 16 at a time; above, the rest waits, and above that the socket is not read", async () => {
    const { client, heard } = await chatting();
    for (let count = 0; count < 40; count += 1) await client.ask("wait", { name: String(count) });
    await until(() => heard.calls.length >= 16);
    expect(heard.calls).toEqual(Array.from({ length: 16 }, (_, count) => `wait ${count}`));
    heard.gates.get("3")?.();
    expect(await client.next()).toEqual({ id: 4, result: null });
    await until(() => heard.calls.length >= 17);
    expect(heard.calls.at(-1)).toBe("wait 16");
    for (let count = 0; count < 40; count += 1) {
      await until(() => heard.gates.has(String(count)));
      heard.gates.get(String(count))?.();
    }
    const answered = (await client.frames(39)).map(({ id }) => id);
    expect([...answered, 4].sort((one, two) => Number(one) - Number(two))).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
  });

  test("may be answered in another order, a ping ahead of them all", async () => {
    const { client, heard } = await chatting();
    await client.ask("wait", { name: "a" });
    await client.ask("wait", { name: "b" });
    expect(await client.request("$/ping")).toEqual({ id: 3, result: null });
    heard.gates.get("b")?.();
    expect((await client.next()).id).toBe(2);
    heard.gates.get("a")?.();
    expect((await client.next()).id).toBe(1);
  });

  test("have ids of their own: one that is under way is refused, one that was answered may come again", async () => {
    const { client, heard } = await chatting();
    await client.ask("wait", { name: "a" }, 7);
    expect(await client.request("leave", undefined, 7)).toEqual({
      id: 7,
      error: { code: -32600, message: "the id is that of a request under way" },
    });
    heard.gates.get("a")?.();
    expect(await client.next()).toEqual({ id: 7, result: null });
    expect(await client.request("leave", undefined, 7)).toEqual({ id: 7, result: null });
  });
});

describe("a request with a key", () => {
  test("runs once, on whatever connection it comes again", async () => {
    const heard = hearing();
    const server = await served([chatRoute(heard)]);
    const first = await greeted(server, "/chat/5/");
    expect(await first.request("say", { text: "once" }, "key-1")).toEqual({ id: "key-1", result: { at: 4 } });
    const second = await greeted(server, "/chat/5/");
    expect(await second.request("say", { text: "once" }, "key-1")).toEqual({
      id: "key-1",
      result: { at: 4 },
    });
    expect(heard.calls).toEqual(["say once in 5"]);
  });

  test("keeps the error that the contract declares, and not what may go better the next time", async () => {
    const { client, heard } = await chatting();
    for (const said of ["muted", "muted", "error", "error"])
      await client.request("say", { text: said }, said);
    expect(heard.calls).toEqual(["say muted in 5", "say error in 5", "say error in 5"]);
  });

  test("is refused with another input, or as another request", async () => {
    const { client, heard } = await chatting();
    await client.request("say", { text: "once" }, "k");
    const error = { code: -32600, message: "the key was used for another request" };
    expect(await client.request("say", { text: "twice" }, "k")).toEqual({ id: "k", error });
    expect(await client.request("leave", undefined, "k")).toEqual({ id: "k", error });
    expect(heard.calls).toHaveLength(1);
  });

  test("goes on where its connection ends, and is answered to whoever asks for it again meanwhile", async () => {
    const heard = hearing();
    const server = await served([chatRoute(heard)]);
    const first = await greeted(server, "/chat/5/");
    await first.ask("wait", { name: "a" }, "k");
    await first.request("$/ping");
    first.session.terminate();
    const second = await greeted(server, "/chat/5/");
    await second.ask("wait", { name: "a" }, "k");
    await second.request("$/ping");
    expect(heard.signals.get("a")?.aborted).toBe(false);
    heard.gates.get("a")?.();
    expect(await second.next()).toEqual({ id: "k", result: null });
    expect(heard.calls).toEqual(["wait a"]);
  });

  test("that was given up is run by the one that waits for it, where it came to nothing", async () => {
    const heard = hearing();
    const calls: number[] = [];
    const gates: (() => void)[] = [];
    const route = implement(
      channel("/", { requests: { work: {} } }),
      {
        requests: {
          work: async () => {
            calls.push(calls.length);
            const { promise, resolve } = deferred();
            gates.push(resolve);
            await promise;
            if (calls.length === 1) throw new Error("the first one fails");
          },
        },
      },
      { onError: (error) => heard.errors.push(error) },
    );
    const server = await served([route]);
    const [one, other] = [await greeted(server, "/"), await greeted(server, "/")];
    await one.ask("work", undefined, "k");
    await one.request("$/ping");
    await other.ask("work", undefined, "k");
    await other.request("$/ping");
    gates[0]?.();
    expect((await one.next()).error?.code).toBe(-32603);
    await until(() => gates.length >= 2);
    gates[1]?.();
    expect(await other.next()).toEqual({ id: "k", result: null });
    expect(heard.errors).toHaveLength(1);
  });

  test("that waits for another's run stops waiting when it is cancelled, or its connection ends", async () => {
    const heard = hearing();
    const server = await served([chatRoute(heard)]);
    const [one, two, three] = [
      await greeted(server, "/chat/5/"),
      await greeted(server, "/chat/5/"),
      await greeted(server, "/chat/5/"),
    ];
    for (const client of [one, two, three]) {
      await client.ask("wait", { name: "a" }, "k");
      await client.request("$/ping");
    }
    await two.notify("$/cancelRequest", { id: "k" });
    expect((await two.next()).error?.code).toBe(-32800);
    expect(await three.session.close()).toMatchObject({ code: 1000 });
    heard.gates.get("a")?.();
    expect(await one.next()).toEqual({ id: "k", result: null });
    expect(heard.calls).toEqual(["wait a"]);
  });

  test("is the user's alone, whom the option `owner` names", async () => {
    const owners: unknown[] = [];
    const calls: string[] = [];
    const route = implement(
      channel("/<name>/", { requests: { work: {} } }),
      { requests: { work: (_, { params }) => void calls.push(String(params.name)) } },
      {
        owner: (user) => {
          owners.push(user);
          return String(owners.length);
        },
        replies: memoryReplies(),
      },
    );
    const server = await served([route]);
    await (await greeted(server, "/ann/")).request("work", undefined, "k");
    await (await greeted(server, "/bob/")).request("work", undefined, "k");
    expect(calls).toEqual(["ann", "bob"]);
    expect(owners).toEqual([undefined, undefined]);
  });

  test("is kept by a store that answers later", async () => {
    const memory = memoryReplies();
    const heard: string[] = [];
    const route = implement(
      channel("/", { requests: { work: {} } }),
      { requests: { work: () => void heard.push("run") } },
      {
        replies: {
          claim: async (key, fingerprint) => await memory.claim(key, fingerprint),
          settle: async (key, reply) => await memory.settle(key, reply),
          release: async (key) => await memory.release(key),
        },
      },
    );
    const client = await greeted(await served([route]), "/");
    const frames: Frame[] = [];
    for (const key of ["k", "k"]) frames.push(await client.request("work", undefined, key));
    expect(frames).toEqual([
      { id: "k", result: null },
      { id: "k", result: null },
    ]);
    expect(heard).toEqual(["run"]);
  });
});

test("a request on a broadcast publishes, and what the handler gives is dropped where the contract has no output", async () => {
  const topic = broadcastOf().topic("t", text);
  const route = implement(channel("/", { requests: { say: { input: text } } }), {
    requests: { say: (message) => topic.publish(message) },
  });
  const client = await greeted(await served([route]), "/");
  expect(await client.request("say", { text: "hi" })).toEqual({ id: 1, result: null });
});
