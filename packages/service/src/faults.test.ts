import { channel, type Schema } from "@ws/contract";
import type { Application } from "@ws/events";
import { AuthSession, authenticate, subprotocolToken } from "@ws/middleware";
import type { Route } from "@ws/router";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { broadcastOf, deferred, greeted, served, until, WireClient } from "./client.fixture.js";
import { onDrain } from "./connection/on-drain.js";
import { implement, memoryReplies, type ServedTopic, type TopicJoinOptions } from "./index.js";
import { WorkQueue } from "./wire/work-queue.js";

const said = z.object({ n: z.number() });

describe("a session", () => {
  const shop = channel("/", { requests: { who: { output: z.unknown() } } });

  const gate = deferred();

  async function entered(): Promise<WireClient> {
    const route = implement(
      shop,
      { requests: { who: (_, { user, state }) => [user, state] } },
      {
        use: [
          authenticate({
            token: subprotocolToken("bearer."),
            verify: async (token) => {
              const [id, n] = token.split("-");
              if (n === "slow") await gate.promise;
              if (n === "broken") throw new Error("the database is down");
              return n === "bad"
                ? null
                : new AuthSession({ id, n }, n === "slow" ? {} : { expiresAt: Date.now() + Number(n) });
            },
          }),
        ],
        onError: () => {},
      },
    );
    const server = await served([route as never]);
    return new WireClient(
      await server.connect("/", { subprotocols: ["jsonrpc.topics.v1", "bearer.ann-60000"] }),
    );
  }

  test("is told with hello, and goes on by a token of the same user", async () => {
    const client = await entered();
    const { params } = await client.next();
    expect(params?.["expiresIn"]).toBeGreaterThan(50_000);
    const { result } = await client.request("$/authenticate", { token: "ann-120000" });
    expect((result as { expiresIn: number }).expiresIn).toBeGreaterThan(110_000);
    const ann = { id: "ann", n: "120000" };
    expect((await client.request("who")).result).toEqual([ann, { user: ann }]);
  });

  test("is not renewed by another user's token, a bad one or none; a failing check is an internal error", async () => {
    const client = await entered();
    await client.next();
    const codes: unknown[] = [];
    for (const token of ["bob-60000", "ann-bad", 5, undefined, "ann-broken"]) {
      codes.push((await client.request("$/authenticate", { token })).error?.code);
    }
    expect(codes).toEqual([-32001, -32001, -32602, -32602, -32603]);
    expect((await client.request("who")).result).toMatchObject([{ id: "ann", n: "60000" }, {}]);
  });

  test("is renewed once at a time", async () => {
    const client = await entered();
    await client.next();
    await client.ask("$/authenticate", { token: "ann-slow" });
    const second = await client.request("$/authenticate", { token: "ann-60000" });
    expect(second).toEqual({ id: 2, error: { code: -32600, message: "a renewal is under way" } });
    gate.resolve();
    expect(await client.next()).toEqual({ id: 1, result: {} });
  });
});

describe("a server that drains", () => {
  const route = () => implement(channel("/", { requests: { a: {} } }), { requests: { a: () => {} } });

  test("gives the client the first half of its window, and closes in the last quarter", async () => {
    const server = await served([route()]);
    const client = await greeted(server, "/");
    const began = performance.now();
    const closing = server.close({ drain: { window: 200 } });
    expect(await client.next()).toEqual({ method: "$/drain", params: { within: 100 } });
    expect((await client.session.closed).code).toBe(1012);
    expect(performance.now() - began).toBeGreaterThan(145);
    await closing;
  });

  test("answers what it was asked before it closes, where that is within the window", async () => {
    let answer = (): void => {};
    const slow = (): Promise<void> =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const asking = implement(channel("/", { requests: { slow: {} } }), { requests: { slow } });
    const server = await served([asking]);
    const client = await greeted(server, "/");
    await client.ask("slow", {});
    const closing = server.close({ drain: { window: 20_000 } });
    expect(await client.next()).toMatchObject({ method: "$/drain" });
    answer();
    expect(await client.next()).toEqual({ id: 1, result: null });
    await client.session.close();
    await closing;
  });

  describe("lets a connection go", () => {
    /** A drain of 2 s of one connection that handles one thing at a time. */
    function drained() {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      onTestFinished(() => void vi.useRealTimers());
      const draining = new AbortController();
      const waits: Promise<unknown>[] = [];
      const waitUntil = (promise: Promise<unknown>): number => waits.push(promise);
      const extensions = { "websocket.draining": { signal: draining.signal, waitUntil } };
      const work = new WorkQueue({ running: 1, waiting: 1, waitingSize: 1 });
      const told: number[] = [];
      const stop = onDrain({ scope: { extensions } } as never, work, (within) => told.push(within));
      draining.abort({ window: 2_000 });
      expect([told, waits.length]).toEqual([[1_000], 1]);
      const letGo = vi.fn();
      void waits[0]?.then(letGo);
      const begin = (): (() => void) => {
        const { promise, resolve } = deferred();
        work.add({ isAlone: false, size: 1, run: () => promise });
        return resolve;
      };
      return { begin, letGo, stop };
    }

    test("in the last quarter of the window, where it is quiet", async () => {
      const { letGo } = drained();
      await vi.advanceTimersByTimeAsync(1_499);
      expect(letGo).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(501);
      expect(letGo).toHaveBeenCalledOnce();
      expect(vi.getTimerCount()).toBe(0);
    });

    test("when what is being handled is done, and nothing more is asked for an eighth of the window", async () => {
      const { begin, letGo } = drained();
      const done = begin();
      await vi.advanceTimersByTimeAsync(2_000);
      done();
      await vi.advanceTimersByTimeAsync(249);
      expect(letGo).not.toHaveBeenCalled();
      begin()();
      await vi.advanceTimersByTimeAsync(250);
      expect(letGo).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(250);
      expect(letGo).toHaveBeenCalledOnce();
    });

    test("when it has ended by itself, and no timer is left", async () => {
      const { begin, letGo, stop } = drained();
      const done = begin();
      await vi.advanceTimersByTimeAsync(2_000);
      stop();
      done();
      await vi.advanceTimersByTimeAsync(0);
      expect(letGo).toHaveBeenCalledOnce();
      expect(vi.getTimerCount()).toBe(0);
      const other = drained();
      other.stop();
      await vi.advanceTimersByTimeAsync(0);
      expect(other.letGo).toHaveBeenCalledOnce();
    });
  });

  test("says nothing where it closes at once, nor to a client that speaks no subprotocol", async () => {
    const server = await served([route()]);
    const client = await greeted(server, "/");
    await server.close();
    await expect(client.next()).rejects.toMatchObject({ code: 1012 });
    const other = await served([route()]);
    const bare = new WireClient(await other.connect("/"));
    await bare.request("$/ping");
    const closing = other.close({ drain: { window: 20 } });
    await expect(bare.next()).rejects.toMatchObject({ code: 1012 });
    await closing;
  });
});

describe("hostile clients", () => {
  test("ten malformed messages in a row close with 1008; messages that the contract does not have count", async () => {
    const errors: unknown[] = [];
    const route = implement(
      channel("/", { toServer: { note: said } }),
      { messages: { note: () => {} } },
      { onError: (error) => errors.push(error) },
    );
    const server = await served([route]);
    const client = await greeted(server, "/");
    for (let count = 0; count < 10; count += 1) await client.notify("nothing");
    expect(await client.session.closed).toMatchObject({ code: 1008, reason: "too many malformed messages" });
    expect(errors).toHaveLength(10);
    const binary = await greeted(server, "/");
    await binary.session.sendBytes(new Uint8Array(0));
    expect((await binary.next()).error?.code).toBe(-32600);
  });

  test("a message that is too long for the channel is refused, before it is parsed", async () => {
    const route = implement(
      channel("/", { requests: { a: {} } }),
      { requests: { a: () => {} } },
      { maxMessage: 100 },
    );
    const client = await greeted(await served([route]), "/");
    expect((await client.request("a", { text: "x".repeat(100) })).error).toMatchObject({ code: -32700 });
  });
});

describe("what goes wrong in a handler", () => {
  const failing = (): Route =>
    implement(channel("/a/", { requests: { a: {} } }), {
      requests: {
        a: () => {
          throw new Error("no");
        },
      },
    });

  test("is in the server's log where nobody else is told, with the connection, the channel and the method", async () => {
    const logged: unknown[] = [];
    const other = (): void => {};
    const error = (message: string, fields?: object): void => void logged.push({ message, ...fields });
    const logger = { debug: other, info: other, warn: other, error };
    const client = await greeted(await served([failing()], { logger }), "/a/");
    await client.request("a");
    expect(logged).toEqual([
      {
        message: "a handler failed",
        id: expect.any(String),
        path: "/a/",
        channel: "/a/",
        method: "a",
        error: new Error("no"),
      },
    ]);
  });

  test("is told to standard error where the server has no log for it", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => told.mockRestore());
    const without = (application: Application): Application => {
      return (scope, receive, send) => {
        if (scope.type !== "websocket") return application(scope, receive, send);
        const extensions = { ...scope.extensions, "websocket.connection": { id: "7" } };
        return application({ ...scope, extensions }, receive, send);
      };
    };
    const client = await greeted(await served([failing()], { around: without }), "/a/");
    await client.request("a");
    expect(told.mock.calls).toEqual([["@ws/service: a failed; channel=/a/ id=7", new Error("no")]]);
  });

  test("a declared error whose data is none, or that the contract does not have, is an internal error", async () => {
    const errors: string[] = [];
    const route = implement(
      channel("/", { requests: { a: { input: z.object({ name: z.string() }), errors: { known: said } } } }),
      { requests: { a: ({ name }, { fail }) => fail(name as "known", { n: "x" as never }) } },
      { onError: (error) => errors.push(String(error)) },
    );
    const client = await greeted(await served([route]), "/");
    expect((await client.request("a", { name: "known" })).error?.code).toBe(-32603);
    expect((await client.request("a", { name: "other" })).error?.code).toBe(-32603);
    expect(errors).toEqual([
      expect.stringMatching(/^ProtocolError: fail: expected data of the contract/),
      "DeclaredError: the request fails with other. Likely mistake: fail was called outside of its handler.",
    ]);
  });

  test("an input whose schema takes its time, or fails, is answered all the same", async () => {
    const errors: string[] = [];
    const slow = said.refine(async ({ n }) => n > 0);
    const judging = (validate: Schema["~standard"]["validate"]): Schema => ({
      "~standard": { version: 1, vendor: "test", validate },
    });
    const failing = judging(() => Promise.reject(new Error("the schema is down")));
    const crashing = judging(() => {
      throw new Error("the schema is down");
    });
    const route = implement(
      channel("/", {
        requests: { slow: { input: slow }, failing: { input: failing }, crashing: { input: crashing } },
      }),
      { requests: { slow: () => {}, failing: () => {}, crashing: () => {} } },
      { onError: (error) => errors.push(String(error)) },
    );
    const client = await greeted(await served([route]), "/");
    expect((await client.request("slow", { n: 1 })).result).toBe(null);
    expect((await client.request("slow", { n: 0 })).error?.code).toBe(-32602);
    expect((await client.request("failing", { n: 1 })).error?.code).toBe(-32603);
    expect((await client.request("crashing", { n: 1 })).error?.code).toBe(-32603);
    expect(errors).toEqual(["Error: the schema is down", "Error: the schema is down"]);
  });

  test("a topic that the connection joined by itself is an internal error, and one that can't be joined", async () => {
    const errors: string[] = [];
    const topic = broadcastOf().topic("t", said);
    const refused = { ...topic, name: "r", history: undefined, subscribe: () => topic.subscribe() };
    const route = implement(
      channel("/", { topics: { own: said, refused: said } }),
      {
        topics: {
          own: (_, { socket }) => {
            topic.join(socket);
            return topic;
          },
          refused: () => ({
            ...refused,
            watchMembers: () => topic.watchMembers(),
            join: () =>
              Object.assign(() => {}, { joined: Promise.reject(new Error("NOPERM")), leaveForNow: () => {} }),
          }),
        },
      },
      { onError: (error, { method }) => errors.push(`${method}: ${error}`) },
    );
    const client = await greeted(await served([route]), "/");
    expect((await client.request("$/subscribe", { topic: "own" })).error?.code).toBe(-32603);
    expect((await client.request("$/subscribe", { topic: "refused" })).error?.code).toBe(-32603);
    expect(errors.map((text) => text.slice(0, 60))).toEqual([
      "$/subscribe: Error: t: the connection joined it before. Like",
      "$/subscribe: Error: NOPERM",
    ]);
  });
});

test("what ends because nobody waits any more is no error: the connection is gone, or the request was cancelled", async () => {
  const errors: unknown[] = [];
  const closed = deferred();
  const route = implement(
    channel("/", { toServer: { note: said }, requests: { wait: {} } }),
    {
      messages: {
        note: async (_, { socket }) => {
          closed.resolve();
          await socket.closed;
          await socket.sendText("too late");
        },
      },
      requests: {
        wait: (_, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      },
    },
    { onError: (error) => errors.push(error) },
  );
  const server = await served([route]);
  const client = await greeted(server, "/");
  const id = await client.ask("wait");
  await client.notify("$/cancelRequest", { id });
  expect((await client.next()).error?.code).toBe(-32800);
  await client.notify("note", { n: 1 });
  await closed.promise;
  client.session.terminate();
  await until(() => server.connections === 0);
  await server.close();
  expect(errors).toEqual([]);
});

/** A topic that does what the test says when it is joined. */
function fakeTopic(
  joined: (options: TopicJoinOptions) => void,
  joining: Promise<void> = Promise.resolve(),
): ServedTopic<{ n: number }> {
  return {
    name: "fake",
    history: undefined,
    join: (_, options) => {
      joined(options);
      return Object.assign(() => {}, { joined: joining, leaveForNow: () => {} });
    },
    subscribe: () => {
      throw new Error("nobody reads here");
    },
    watchMembers: () => {
      throw new Error("the engine is down");
    },
  };
}

test("a gap of a known number with nothing before it is told so, and a position that nobody knows is empty", async () => {
  const errors: string[] = [];
  const topic = fakeTopic(({ onGap, onBegin }) => {
    onGap({ reason: "lost", missed: 2, after: undefined });
    onBegin({ position: undefined, recovered: true });
  });
  const route = implement(
    channel("/", { topics: { t: { message: said, presence: said } } }),
    { topics: { t: () => ({ topic }) } },
    { onError: (error, { method }) => errors.push(`${method}: ${error}`) },
  );
  const client = await greeted(await served([route]), "/");
  await client.ask("$/subscribe", { topic: "t", presence: true });
  expect(await client.frames(2)).toEqual([
    { method: "$/gap", params: { topic: "t", reason: "lost", missed: 2, after: null } },
    { id: 1, result: { at: "", recovered: true, resumable: false } },
  ]);
  await until(() => errors.length > 0);
  expect(errors).toEqual(["$/presence: Error: the engine is down"]);
});

test("a subscription that is left before the engine has answered is cancelled", async () => {
  const joined = deferred();
  const joining = deferred();
  const topic = fakeTopic(() => joined.resolve(), joining.promise);
  const route = implement(channel("/", { topics: { t: said } }), { topics: { t: () => topic } });
  const client = await greeted(await served([route]), "/");
  await client.ask("$/subscribe", { topic: "t" });
  await joined.promise;
  expect(await client.request("$/unsubscribe", { topic: "t" })).toEqual({ id: 2, result: null });
  joining.resolve();
  expect(await client.next()).toEqual({ id: 1, error: { code: -32800, message: "unsubscribed" } });
});

test("a topic that throws when it is joined, or a handler that gives an object that is none, is an internal error", async () => {
  const errors: string[] = [];
  const throwing = fakeTopic(() => {
    throw new Error("closed");
  });
  const route = implement(
    channel("/", { topics: { throwing: said, none: said, empty: said } }),
    {
      topics: { throwing: () => throwing, none: () => ({}) as never, empty: () => ({ topic: {} }) as never },
    },
    { onError: (error) => errors.push(String(error).slice(0, 70)) },
  );
  const client = await greeted(await served([route]), "/");
  for (const topic of ["throwing", "none", "empty"]) {
    expect((await client.request("$/subscribe", { topic })).error?.code).toBe(-32603);
  }
  expect(errors).toEqual([
    "Error: closed",
    'TypeError: topics["none"]: expected a topic, { topic, as, until } or u',
    'TypeError: topics["empty"]: expected a topic, { topic, as, until } or ',
  ]);
});

describe("replies that are kept", () => {
  test("are forgotten after their time, and beyond their number and size, the oldest first", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const store = memoryReplies({ max: 2, maxSize: 100, ttl: 1_000 });
      const kind = (key: string): string => {
        const claim = store.claim(key, "f");
        return (claim as { kind: string }).kind;
      };
      for (const key of ["a", "b", "c"]) {
        expect(kind(key)).toBe("run");
        void store.settle(key, "reply");
      }
      expect([kind("a"), kind("b"), kind("c")]).toEqual(["run", "done", "done"]);
      expect(kind("a")).toBe("running");
      void store.settle("a", "x".repeat(98));
      expect([kind("b"), kind("c"), kind("a")]).toEqual(["run", "run", "done"]);
      vi.advanceTimersByTime(1_000);
      expect(kind("a")).toBe("run");
      void store.settle("nobody", "reply");
      expect(kind("nobody")).toBe("run");
    } finally {
      vi.useRealTimers();
    }
  });
});

test("nothing is left of subscriptions when their connections have ended", async () => {
  const topic = broadcastOf().topic("t", said, { history: { size: 10, ttl: 60_000 } });
  const ended = deferred();
  const route = implement(channel("/", { topics: { t: said } }), {
    opened: ({ socket }) => socket.signal.addEventListener("abort", () => ended.resolve()),
    topics: { t: () => topic },
  });
  const client = await greeted(await served([route]), "/");
  await client.request("$/subscribe", { topic: "t" });
  expect(topic.counters.members).toBe(1);
  client.session.terminate();
  await ended.promise;
  await until(() => topic.counters.members === 0);
  expect(topic.counters.members).toBe(0);
});
