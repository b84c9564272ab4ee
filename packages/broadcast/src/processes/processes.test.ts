import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { FakeEngine, gate, settled } from "../engine/engine.fixture.js";
import type { Engine, Presence } from "../engine/engine.js";
import { memory } from "../engines/memory/engine.js";
import { hasNatsServer, NatsServer } from "../engines/nats/nats-server.fixture.js";
import { hasRedisServer, RedisServer } from "../engines/redis/redis-server.fixture.js";
import { nats } from "../nats.js";
import { redis } from "../redis.js";
import { type Broadcast, createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import type { MembersEvent } from "./members-watch.js";

const schema = z.number();

/** What a watch said, in words. */
function words(event: MembersEvent): string {
  if (event.type === "members")
    return `members ${event.members
      .map(({ as }) => as)
      .sort()
      .join()}`;
  const how = event.type === "left" && event.onPurpose ? " on purpose" : "";
  return `${event.type} ${event.member.as}${how}`;
}

/** What processes do together over an engine; `make` gives the engine of one more process. */
function together(make: () => Engine, isMany: boolean): void {
  /** Two processes where the engine has them; else one twice. */
  async function two(): Promise<readonly [Broadcast, Broadcast]> {
    const one = createBroadcast({ engine: make() });
    const other = isMany ? createBroadcast({ engine: make() }) : one;
    await Promise.all([one.ready, other.ready]);
    return [one, other];
  }

  async function join(broadcast: Broadcast, topic: string, as?: unknown): Promise<string[]> {
    const { connection, socket } = await connected();
    await broadcast.topic(topic, schema).join(connection, { as }).joined;
    return socket.sent;
  }

  test("fault 219: members are ended in every process, by their as or by a function, and that is reported", async () => {
    const [one, other] = await two();
    await using _one = one;
    await using _other = other;
    const [ann, bob] = [await join(one, "t", { user: 7 }), await join(other, "t", "bob")];
    const [twin, silent] = [await join(other, "t", { user: 7 }), await join(other, "t")];
    const elsewhere = await join(other, "u", "bob");
    const topic = one.topic("t", schema);
    const processes = isMany ? 2 : 1;
    await expect.poll(async () => (await topic.members()).length === 3).toBe(true);
    const options = { code: 4000, reason: "moved", timeout: 1_500 };
    const byKey = await topic.disconnect({ user: 7 }, options);
    expect(byKey).toEqual({ disconnected: 2, processes, isComplete: true });
    expect([ann, twin, bob, silent]).toEqual([["close 4000"], ["close 4000"], [], []]);
    expect((await topic.disconnect(({ as }) => as === undefined)).disconnected).toBe(1);
    expect(silent).toEqual(["close 1008"]);
    expect((await topic.disconnect("nobody")).disconnected).toBe(0);
    expect((await one.disconnect("bob", options)).disconnected).toBe(2);
    expect([bob, elsewhere]).toEqual([["close 4000"], ["close 4000"]]);
  });

  test("fault 220: who comes and goes in any process is told after the list", async () => {
    const [one, other] = await two();
    await using _one = one;
    await using _other = other;
    await join(other, "t", "ann");
    const topic = one.topic("t", schema);
    await expect.poll(async () => (await topic.members()).length === 1).toBe(true);
    const abort = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const event of topic.watchMembers({ signal: abort.signal })) seen.push(words(event));
    })();
    await expect.poll(() => seen.length === 1).toBe(true);
    const there = other.topic("t", schema);
    const { connection, socket } = await connected();
    const leave = there.join(connection, { as: "bob" });
    await expect.poll(() => seen.length).toBe(2);
    leave();
    await expect.poll(() => seen.length).toBe(3);
    const { leaveForNow } = there.join(connection, { as: "cid" });
    await expect.poll(() => seen.length).toBe(4);
    leaveForNow();
    await expect.poll(() => seen.length).toBe(5);
    there.join(connection, { as: "dan" });
    await expect.poll(() => seen.length).toBe(6);
    socket.end();
    await expect.poll(() => seen.length).toBe(7);
    await there.disconnect("ann");
    await expect.poll(() => seen.length).toBe(8);
    expect(seen).toEqual([
      "members ann",
      "joined bob",
      "left bob on purpose",
      "joined cid",
      "left cid",
      "joined dan",
      "left dan",
      "left ann on purpose",
    ]);
    abort.abort();
    await watching;
  });
}

describe("in memory", () => together(memory, false));

describe.runIf(hasRedisServer)("over Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.end());
  together(() => redis({ url: server.url }), true);
});

describe.runIf(hasNatsServer)("over NATS", () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.end());
  together(() => nats({ servers: server.url }), true);
});

describe("over an engine that reaches nobody else", () => {
  test("this process alone is asked", async () => {
    await using broadcast = createBroadcast({ engine: new FakeEngine() });
    const { connection, socket } = await connected();
    const topic = broadcast.topic("t", schema);
    await topic.join(connection).joined;
    expect(await topic.disconnect(() => true)).toEqual({ disconnected: 1, processes: 1, isComplete: true });
    expect(socket.sent).toEqual(["close 1008"]);
  });
});

describe("over an engine that the test speaks for", () => {
  /** One whose `say` is heard by nobody; knows of as many processes. */
  class Deaf extends FakeEngine {
    readonly said: string[] = [];
    readonly known: number | undefined;

    constructor(known: number | undefined) {
      super();
      this.known = known;
    }

    async say(text: string): Promise<number | undefined> {
      this.said.push(text);
      return this.known;
    }

    /** What another process says. */
    hear(process: string, body: object, id = 1): void {
      this.listener.heard(`1 ${JSON.stringify({ process, to: this.process, id, body })}`);
    }
  }

  const answer = { kind: "answer", count: 1, members: [], isLast: true };

  test("fault 219: a process that does not answer is waited for no longer than was said, and reported", async () => {
    const engine = new Deaf(2);
    await using broadcast = createBroadcast({ engine });
    const ending = broadcast.topic("t", schema).disconnect("ann", { timeout: 50 });
    await settled();
    engine.hear("other-process", answer);
    for (const rubbish of ["", "2 {}", "1 {", "1 null", "1 {}", '1 {"process":"p","body":{"kind":"?"}}']) {
      engine.listener.heard(rubbish);
    }
    expect(await ending).toEqual({ disconnected: 1, processes: 1, isComplete: false });
  });

  test("where it does not know how many there are, all that answer within a moment count", async () => {
    const engine = new Deaf(undefined);
    await using broadcast = createBroadcast({ engine });
    const ending = broadcast.topic("t", schema).disconnect("ann", { timeout: 50 });
    await settled();
    engine.hear("other-process", answer);
    engine.hear("third-process", answer, 2);
    expect(await ending).toEqual({ disconnected: 1, processes: 1, isComplete: false });
  });

  test("what a process answers in several parts is put together, and counts as one answer", async () => {
    const engine = new Deaf(1);
    await using broadcast = createBroadcast({ engine });
    const chosen: unknown[] = [];
    const ending = broadcast.topic("t", schema).disconnect(
      ({ as }) => {
        chosen.push(as);
        return false;
      },
      { timeout: 60_000 },
    );
    await settled();
    engine.hear("other-process", { ...answer, count: 0, members: [["1", "ann"]], isLast: false });
    await settled();
    expect(chosen).toEqual([]);
    engine.hear("other-process", { ...answer, count: 0, members: [["2", "bob"]] });
    await settled();
    expect(chosen).toEqual(["ann", "bob"]);
    engine.hear("other-process", { ...answer, count: 0 }, 2);
    expect(await ending).toEqual({ disconnected: 0, processes: 1, isComplete: true });
  });

  test("many members are listed in several parts", async () => {
    const engine = new Deaf(1);
    await using broadcast = createBroadcast({ engine });
    for (let count = 0; count < 120; count += 1) {
      const { connection } = await connected();
      broadcast.topic("t", schema).join(connection, { as: "x".repeat(1_000) });
    }
    engine.hear("other-process", { kind: "list", topic: "t" });
    await settled();
    const parts = engine.said.map((text) => JSON.parse(text.slice(2)).body);
    expect(parts.map(({ isLast }) => isLast)).toEqual([false, true]);
    expect(parts.flatMap(({ members }) => members)).toHaveLength(120);
  });

  test("what is asked when the broadcast closes ends", async () => {
    const engine = new Deaf(2);
    const broadcast = createBroadcast({ engine });
    const ending = broadcast.disconnect("ann", { timeout: 60_000 });
    await settled();
    await broadcast.close();
    expect(await ending).toMatchObject({ isComplete: false });
  });

  test("a connection that is a member of several topics is ended once", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const { connection, socket } = await connected();
    for (const name of ["t", "u"]) await broadcast.topic(name, schema).join(connection, { as: "ann" }).joined;
    expect(await broadcast.disconnect("ann")).toMatchObject({ disconnected: 2, isComplete: true });
    expect(socket.sent).toEqual(["close 1008"]);
    expect(broadcast.counters).toMatchObject({ members: 0, disconnected: 1 });
  });

  test.each([
    [undefined, {}, "an `as`"],
    ["ann", { now: true }, "expected code, reason, timeout, got now"],
    ["ann", { code: 1005 }, "disconnect.code"],
    ["ann", { reason: "é".repeat(62) }, "disconnect.reason"],
    ["ann", { timeout: 0 }, "disconnect.timeout"],
  ])("fault 219: what can't be done is a TypeError: %j %j", async (who, options, said) => {
    await using broadcast = createBroadcast({ engine: memory() });
    const ending = broadcast.topic("t", schema).disconnect(who as never, options as object);
    await expect(ending).rejects.toThrow(TypeError);
    await expect(ending).rejects.toThrow(said);
  });
});

/** An engine whose processes can't speak to each other for a while. */
class Mute extends FakeEngine {
  isMute = false;

  async say(text: string): Promise<number> {
    if (this.isMute) throw new Error("down");
    this.listener.heard(text);
    return 1;
  }

  /** Another process says that. */
  hear(kind: string, as: string, onPurpose?: boolean): void {
    const body = { kind, topic: "t", id: as, as, onPurpose };
    this.listener.heard(`1 ${JSON.stringify({ process: "other-process", id: 1, body })}`);
  }
}

/** A member of that process. */
const there = (as: string) => ({ id: as, process: "other-process", as });

const timers = ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] as const;

describe("a watch", () => {
  test("tells no news that the list has already, and ends without it where it is ended meanwhile", async () => {
    const engine = new Mute();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", schema);
    const [listing, late] = [gate<readonly Presence[]>(), gate<readonly Presence[]>()];
    engine.listing = () => listing.promise;
    const watch = topic.watchMembers();
    const first = watch.next();
    await settled();
    engine.hear("joined", "bob");
    listing.open([there("bob")]);
    expect((await first).value).toEqual({ type: "members", members: [there("bob")] });
    engine.hear("joined", "eve");
    expect((await watch.next()).value).toEqual({ type: "joined", member: there("eve") });
    await watch.return(undefined);
    engine.listing = () => late.promise;
    const abort = new AbortController();
    const never = topic.watchMembers({ signal: abort.signal }).next();
    await settled();
    abort.abort();
    late.open([there("bob")]);
    expect(await never).toEqual({ done: true, value: undefined });
  });

  test("believes what it heard while the list was asked for, which is older", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const engine = new Mute();
    await using broadcast = createBroadcast({ engine });
    engine.listing = async () => [there("ann"), there("bob")];
    const watch = broadcast.topic("t", schema).watchMembers();
    await watch.next();
    const listing = gate<readonly Presence[]>();
    engine.listing = () => listing.promise;
    vi.advanceTimersByTime(5_000);
    engine.hear("left", "bob");
    expect((await watch.next()).value).toEqual({ type: "left", member: there("bob"), onPurpose: false });
    engine.hear("joined", "eve");
    expect((await watch.next()).value).toEqual({ type: "joined", member: there("eve") });
    listing.open([there("ann"), there("bob")]);
    await settled();
    engine.hear("left", "ann");
    expect((await watch.next()).value).toEqual({ type: "left", member: there("ann"), onPurpose: false });
    await watch.return(undefined);
    vi.useRealTimers();
  });

  test("goes on where processes can't speak to each other for a while, by the list", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const engine = new Mute();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", schema);
    const watch = topic.watchMembers();
    await watch.next();
    const next = watch.next();
    engine.isMute = true;
    topic.join((await connected()).connection, { as: "ann" });
    engine.listener.heard('1 {"process":"other-process","id":1,"body":{"kind":"list","topic":"t"}}');
    await settled();
    engine.listing = async () => [there("ann")];
    vi.advanceTimersByTime(5_000);
    expect((await next).value).toEqual({ type: "joined", member: there("ann") });
    await watch.return(undefined);
    vi.useRealTimers();
  });

  test("fault 220: finds who came or went unheard, as in a process that was killed, by the list", async () => {
    vi.useFakeTimers({ toFake: [...timers] });
    const engine = new Mute();
    await using broadcast = createBroadcast({ engine, publishTimeout: 60_000 });
    const bob = { id: "1", process: "other-process", as: "bob" };
    const eve = { id: "2", process: "other-process", as: "eve" };
    engine.listing = async () => [bob];
    const watch = broadcast.topic("t", schema).watchMembers();
    expect((await watch.next()).value).toEqual({ type: "members", members: [bob] });
    const next = watch.next();
    await settled();
    engine.listing = () => Promise.reject(new Error("down"));
    vi.advanceTimersByTime(5_000);
    await settled();
    engine.listing = async () => [eve];
    vi.advanceTimersByTime(5_000);
    expect((await next).value).toEqual({ type: "joined", member: eve });
    const left = watch.next();
    vi.advanceTimersByTime(1_000);
    expect((await left).value).toEqual({ type: "left", member: bob, onPurpose: false });
    await watch.return(undefined);
    vi.useRealTimers();
  });

  test("learns by a member's own word that it left on purpose, where the list lacks it before that is heard", async () => {
    vi.useFakeTimers({ toFake: [...timers] });
    const engine = new Mute();
    await using broadcast = createBroadcast({ engine, publishTimeout: 60_000 });
    engine.listing = async () => [there("ann"), there("bob"), there("eve")];
    const watch = broadcast.topic("t", schema).watchMembers();
    await watch.next();
    engine.listing = async () => [];
    vi.advanceTimersByTime(5_000);
    await settled();
    engine.hear("left", "bob", true);
    expect((await watch.next()).value).toEqual({ type: "left", member: there("bob"), onPurpose: true });
    const next = watch.next();
    vi.advanceTimersByTime(1_000);
    expect((await next).value).toEqual({ type: "left", member: there("ann"), onPurpose: false });
    expect((await watch.next()).value).toEqual({ type: "left", member: there("eve"), onPurpose: false });
    await watch.return(undefined);
    vi.useRealTimers();
  });

  test("takes none for gone that a list given anew has again", async () => {
    vi.useFakeTimers({ toFake: [...timers] });
    const engine = new Mute();
    await using broadcast = createBroadcast({ engine, publishTimeout: 60_000 });
    engine.listing = async () => [there("ann")];
    const watch = broadcast.topic("t", schema).watchMembers();
    await watch.next();
    const all: unknown[] = [];
    engine.listing = async () => [];
    vi.advanceTimersByTime(5_000);
    await settled();
    engine.listing = async () => [there("ann")];
    for (let count = 0; count <= 1_024; count += 1) engine.hear("joined", `guest${count}`);
    all.push((await watch.next()).value);
    const next = watch.next();
    await settled();
    vi.advanceTimersByTime(1_000);
    engine.hear("joined", "last");
    all.push((await next).value);
    expect(all).toEqual([
      { type: "members", members: [there("ann")] },
      { type: "joined", member: there("last") },
    ]);
    await watch.return(undefined);
    vi.useRealTimers();
  });

  test("of who does not look gives the list anew where too much has changed, and then goes on", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", schema);
    const watch = topic.watchMembers();
    await watch.next();
    const { connection } = await connected();
    for (let count = 0; count < 600; count += 1) topic.join(connection, { as: "ann" })();
    topic.join(connection, { as: "bob" });
    await settled();
    const { value } = await watch.next();
    expect(value && words(value)).toBe("members bob");
    topic.join((await connected()).connection, { as: "eve" });
    const { value: change } = await watch.next();
    expect(change && words(change)).toBe("joined eve");
    await watch.return(undefined);
  });

  test("ends with the broadcast, and rejects where the engine is down", async () => {
    const engine = new FakeEngine();
    const broadcast = createBroadcast({ engine });
    const watch = broadcast.topic("t", schema).watchMembers();
    await watch.next();
    const next = watch.next();
    await settled();
    engine.listener.down("reset");
    await expect(broadcast.topic("t", schema).watchMembers().next()).rejects.toMatchObject({
      code: "ERR_WS_ENGINE_DOWN",
    });
    await broadcast.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test("of as many topics as others ask for is remembered, within bounds", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    for (let count = 0; count <= 10_000; count += 1) {
      engine.listener.heard(`1 {"process":"p","id":1,"body":{"kind":"watch","topic":"t${count}"}}`);
    }
    await settled();
    expect(broadcast.counters.members).toBe(0);
  });
});
