import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { newTopic, soon, Witness } from "../../../conformance/witness.js";
import type { Engine } from "../../../engine/engine.js";
import { nats } from "../../../nats.js";
import { hasNatsServer, NatsServer } from "../nats-server.fixture.js";

describe.runIf(hasNatsServer)("on a real server", () => {
  let server: NatsServer;
  let raw: NatsConnection;
  let engine: Engine;
  beforeAll(async () => {
    server = await NatsServer.start();
    raw = await connect({ servers: server.url });
    engine = nats({ servers: server.url });
    await engine.start(new Witness(), soon());
    // Once: until a second after the start a question waits for processes that were not heard yet.
    await engine.members(newTopic(), soon());
  });
  afterAll(async () => {
    await engine.close();
    await raw.close();
    await server.end();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  let said = 0;

  /** Says something as a process does; resolves when the engine has heard it: it answers what was asked later. */
  async function say(text: string): Promise<void> {
    said += 1;
    const reply = `said.${said}`;
    const heard = new Promise<void>((resolve) => {
      raw.subscribe(reply, { max: 1, callback: () => resolve() });
    });
    raw.publish("ws.presence.beat", text);
    raw.publish("ws.presence.question", "1 probe topic", { reply });
    await heard;
  }

  /** Whether a question is answered while no timer runs: where it is not, it waits the second that it waits at most. */
  async function isAnsweredAtOnce(): Promise<boolean> {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let isAnswered = false;
    const asking = engine.members(newTopic(), soon()).then(() => {
      isAnswered = true;
    });
    // What is due at once is no wait.
    vi.advanceTimersByTime(1);
    await asked();
    const atOnce = isAnswered;
    vi.advanceTimersByTime(1_000);
    await asking;
    vi.useRealTimers();
    return atOnce;
  }

  /** Resolves when whatever the engine has asked so far had time to be answered. */
  async function asked(): Promise<void> {
    for (let count = 0; count < 3; count += 1) await say("rubbish");
  }

  test("a process that says hello is answered at once", async () => {
    const answers: string[] = [];
    raw.subscribe("answers", { callback: (_, message) => void answers.push(message.string()) });
    raw.publish("ws.presence.beat", "1 other hello", { reply: "answers" });
    await expect.poll(() => answers.length).toBeGreaterThan(0);
    expect(answers[0]).toMatch(/^1 [0-9a-f]{30} beat$/);
    await say("1 other bye");
  });

  test("a question waits a second for a process that lives and does not answer, no longer once it said bye", async () => {
    expect(await isAnsweredAtOnce()).toBe(true);
    await say("1 ghost beat");
    expect(await isAnsweredAtOnce()).toBe(false);
    await say("1 ghost bye");
    expect(await isAnsweredAtOnce()).toBe(true);
  });

  test("a process that is not heard of for 12 s is not waited for", async () => {
    await say("1 ghost beat");
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + 12_100);
    expect(await isAnsweredAtOnce()).toBe(true);
  });

  test("what is no sign is ignored", async () => {
    await say("rubbish");
    expect(await isAnsweredAtOnce()).toBe(true);
  });

  test("an answer may come in parts, and from a process that was not known; what is none is ignored", async () => {
    await say("1 ghost beat");
    const subscription = raw.subscribe("ws.presence.question", {
      callback: (_, message) => {
        for (const text of ["rubbish", '1 ghost 1 [["1","ann"]]', '1 ghost 0 [["2","bob"]]'])
          message.respond(text);
      },
    });
    await raw.flush();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const asking = engine.members(newTopic(), soon());
    vi.advanceTimersByTime(1);
    const members = await asking;
    vi.useRealTimers();
    expect(members).toEqual([
      { id: "1", process: "ghost", as: "ann" },
      { id: "2", process: "ghost", as: "bob" },
    ]);
    subscription.unsubscribe();
    await say("1 ghost bye");
  });

  test("a process answers questions for others, in parts where it must, and none that it can't read", async () => {
    const topic = newTopic();
    for (let member = 0; member < 300; member += 1)
      await engine.enter(topic, `m${member}`, "x".repeat(1_000));
    const answers: string[] = [];
    raw.subscribe("listed", { callback: (_, message) => void answers.push(message.string()) });
    raw.publish("ws.presence.question", "rubbish", { reply: "listed" });
    raw.publish("ws.presence.question", `1 other ${topic}`, { reply: "listed" });
    await expect.poll(() => answers.length).toBe(2);
    expect(answers.map((text) => text.split(" ")[2])).toEqual(["1", "0"]);
  });

  test("a question that is aborted waits no longer", async () => {
    await say("1 ghost beat");
    const abort = new AbortController();
    const asking = engine.members(newTopic(), abort.signal);
    abort.abort("given up");
    await expect(asking).rejects.toBe("given up");
    await say("1 ghost bye");
  });
});
