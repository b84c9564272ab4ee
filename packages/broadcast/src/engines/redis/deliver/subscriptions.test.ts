import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Witness } from "../../../conformance/witness.js";
import type { Position } from "../../../engine/engine.js";
import type { OnMessage } from "../connect/connection.js";
import { RedisKeys } from "../connect/keys.js";
import { RedisSubscriptions, type Source } from "./subscriptions.js";

/** A link whose answers come when the test says so. */
class Wire implements Source {
  readonly asked: string[] = [];
  isOver = false;
  readonly #open: ((error?: Error) => void)[] = [];
  #onMessage: OnMessage | undefined;

  subscribe(channel: string, onMessage: OnMessage): Promise<void> {
    this.#onMessage = onMessage;
    return this.#ask(`subscribe ${channel}`, undefined);
  }

  unsubscribe(channel: string): Promise<void> {
    return this.#ask(`unsubscribe ${channel}`, undefined);
  }

  head(key: string): Promise<Position | undefined> {
    return this.#ask(`head ${key}`, { epoch: "e", sequence: 2 });
  }

  begin(key: string): Promise<Position | undefined> {
    return this.#ask(`begin ${key}`, { epoch: "new", sequence: 0 });
  }

  message(message: string): void {
    this.#onMessage?.(message, "ws:{t}");
  }

  /** Answers what was asked, all of it or as many as come first, and lets what follows from it happen. */
  async answer(error?: Error, count: number = this.#open.length): Promise<void> {
    for (const settle of this.#open.splice(0, count)) settle(error);
    await new Promise((resolve) => setImmediate(resolve));
  }

  #ask<T>(what: string, answer: T): Promise<T> {
    this.asked.push(what);
    return new Promise((resolve, reject) => {
      this.#open.push((error) => (error === undefined ? resolve(answer) : reject(error)));
    });
  }
}

const { signal } = new AbortController();
let witness: Witness;
let subscriptions: RedisSubscriptions;
let wire: Wire;

beforeEach(() => {
  witness = new Witness();
  subscriptions = new RedisSubscriptions(new RedisKeys("ws"), witness);
  wire = new Wire();
});

async function subscribed(): Promise<void> {
  const adding = subscriptions.add(wire, "t", signal);
  await wire.answer();
  await adding;
}

test("a topic is subscribed, and its head asked for behind that at once", async () => {
  const adding = subscriptions.add(wire, "t", signal);
  expect(wire.asked).toEqual(["subscribe ws:{t}", "head ws:{t}:head"]);
  await wire.answer();
  expect(await adding).toEqual({ epoch: "e", sequence: 2 });
});

test("messages that came together are delivered one by one", async () => {
  await subscribed();
  wire.message("1 e 3\u001e1\u001e2");
  expect(witness.of("t")).toEqual([
    { epoch: "e", sequence: 3, payload: "1" },
    { epoch: "e", sequence: 4, payload: "2" },
  ]);
});

test("what is no message is told as poisoned", async () => {
  await subscribed();
  wire.message("rubbish");
  expect(witness.told).toEqual([{ event: "poisoned", topic: "t" }]);
});

test("from the moment it is left, nothing of a topic is delivered, not even what came together", async () => {
  await subscribed();
  const told = witness.delivered.bind(witness);
  witness.delivered = (topic, delivery): void => {
    told(topic, delivery);
    void subscriptions.remove(wire, "t");
  };
  wire.message("1 e 3\u001e1\u001e2");
  wire.message("1 e 5\u001e3");
  expect(witness.payloads("t")).toEqual(["1"]);
});

test("a topic that is entered again while it is being left is subscribed after that", async () => {
  await subscribed();
  const removing = subscriptions.remove(wire, "t");
  const adding = subscriptions.add(wire, "t", signal);
  expect(wire.asked.slice(2)).toEqual(["unsubscribe ws:{t}"]);
  await wire.answer();
  expect(wire.asked.slice(3)).toEqual(["subscribe ws:{t}", "head ws:{t}:head"]);
  await wire.answer();
  await Promise.all([removing, adding]);
  wire.message("1 e 3\u001e1");
  expect(witness.payloads("t")).toEqual(["1"]);
});

test("what is given up while it is asked for is left again", async () => {
  const abort = new AbortController();
  const adding = subscriptions.add(wire, "t", abort.signal);
  abort.abort();
  await wire.answer();
  await adding;
  expect(wire.asked.at(-1)).toBe("unsubscribe ws:{t}");
  wire.message("1 e 3\u001e1");
  expect(witness.told).toEqual([]);
});

test("to give up what was left and entered again doesn't end the new", async () => {
  const abort = new AbortController();
  const first = subscriptions.add(wire, "t", abort.signal);
  const removing = subscriptions.remove(wire, "t");
  const second = subscriptions.add(wire, "t", signal);
  abort.abort();
  for (let turn = 0; turn < 3; turn++) await wire.answer();
  await Promise.all([first, removing, second]);
  wire.message("1 e 3\u001e1");
  expect(witness.payloads("t")).toEqual(["1"]);
});

test("a subscription that fails is forgotten, unless it was entered again meanwhile", async () => {
  const failing = subscriptions.add(wire, "t", signal);
  const failed = expect(failing).rejects.toThrow("lost");
  const removing = subscriptions.remove(wire, "t");
  const again = expect(subscriptions.add(wire, "t", signal)).rejects.toThrow("lost");
  for (let turn = 0; turn < 3; turn++) await wire.answer(new Error("lost"));
  await Promise.all([failed, removing, again]);
  const next = new Wire();
  const resuming = subscriptions.resume(next);
  expect(next.asked).toEqual([]);
  await next.answer();
  await resuming;
});

test("a subscription whose head can't be told fails, and is left again", async () => {
  const failed = expect(subscriptions.add(wire, "t", signal)).rejects.toThrow("no permission");
  await wire.answer(undefined, 1);
  await wire.answer(new Error("no permission"));
  await failed;
  expect(wire.asked.at(-1)).toBe("unsubscribe ws:{t}");
});

test("to leave what was never entered, or while there is no link, asks nothing", async () => {
  await subscriptions.remove(wire, "t");
  expect(wire.asked).toEqual([]);
  await subscribed();
  await subscriptions.remove(undefined, "t");
  expect(wire.asked).toHaveLength(2);
});

test("on a new link all is subscribed at once; what comes is delivered, and then it is told where topics stand", async () => {
  await subscribed();
  const next = new Wire();
  const resuming = subscriptions.resume(next);
  expect(next.asked).toEqual(["subscribe ws:{t}", "head ws:{t}:head"]);
  next.message("1 e 2\u001e1");
  await next.answer();
  const tell = await resuming;
  next.message("1 e 3\u001e2");
  expect(witness.all("resumed")).toEqual([]);
  tell();
  next.message("1 e 4\u001e3");
  expect(witness.told.map(({ event }) => event)).toEqual(["delivered", "delivered", "resumed", "delivered"]);
  expect(witness.all("resumed")).toEqual([
    { event: "resumed", topic: "t", head: { epoch: "e", sequence: 2 } },
  ]);
  expect(witness.payloads("t")).toEqual(["1", "2", "3"]);
});

test("a topic that is left while a new link is made is not told of, and left there", async () => {
  await subscribed();
  const next = new Wire();
  const resuming = subscriptions.resume(next);
  await subscriptions.remove(undefined, "t");
  next.message("1 e 2\u001e1");
  await next.answer();
  (await resuming)();
  expect(next.asked.at(-1)).toBe("unsubscribe ws:{t}");
  expect(witness.told).toEqual([]);
});

test("a topic that is left and entered again at the news of a link is not told of as resumed", async () => {
  await subscribed();
  const next = new Wire();
  const resuming = subscriptions.resume(next);
  await next.answer();
  const tell = await resuming;
  void subscriptions.remove(next, "t");
  const adding = subscriptions.add(next, "t", signal);
  tell();
  for (let turn = 0; turn < 2; turn++) await next.answer();
  await adding;
  next.message("1 e 3\u001e1");
  expect(witness.told.map(({ event }) => event)).toEqual(["delivered"]);
});

/** Behind a pause that began before, which is as short where the random number is 0. */
const paused = (): Promise<void> => pause(0);

describe("a topic that Redis refuses on a new link", () => {
  let next: Wire;
  beforeEach(async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    await subscribed();
    next = new Wire();
    const resuming = subscriptions.resume(next);
    await next.answer(new Error("no permission"));
    (await resuming)();
    await paused();
  });

  const asked = ["subscribe ws:{t}", "head ws:{t}:head"];

  test("is asked for again and again, and told of when it is subscribed", async () => {
    expect(next.asked).toEqual([...asked, ...asked]);
    await next.answer(new Error("no permission"));
    await paused();
    expect(next.asked).toEqual([...asked, ...asked, ...asked]);
    expect(witness.told).toEqual([]);
    await next.answer();
    await paused();
    expect(witness.all("resumed")).toMatchObject([{ topic: "t", head: { epoch: "e", sequence: 2 } }]);
    expect(next.asked).toHaveLength(6);
  });

  test("is not told of once it was left", async () => {
    const removing = subscriptions.remove(next, "t");
    await next.answer();
    expect(next.asked).toEqual([...asked, ...asked, "unsubscribe ws:{t}"]);
    await next.answer();
    await removing;
    expect(witness.told).toEqual([]);
  });

  test.each([
    ["it was left", (): void => void subscriptions.remove(undefined, "t")],
    [
      "the link has ended",
      (): void => {
        next.isOver = true;
      },
    ],
  ])("is not asked for any more when %s", async (_, end) => {
    end();
    await next.answer(new Error("lost"));
    await paused();
    expect(next.asked).toEqual([...asked, ...asked]);
  });
});
