import type { Engine } from "../engine/engine.js";
import type { EngineHarness } from "./harness.js";
import type { TestApi } from "./test-api.js";
import { eventually, newTopic, open, soon, Witness } from "./witness.js";

/** The `as` of the listed members, sorted, because their order does not matter. */
async function listed(engine: Engine, topic: string): Promise<readonly unknown[]> {
  const members = await engine.members(topic, soon());
  return members.map(({ as }) => as).sort();
}

/** Resolves when exactly these members are listed. */
export async function untilListed(engine: Engine, topic: string, names: readonly string[]): Promise<void> {
  const wanted = JSON.stringify(names);
  await eventually(
    () => listed(engine, topic),
    (found) => JSON.stringify(found) === wanted,
  );
}

/** The behaviour that is required of every engine for members that join with an `as`. */
export function conformPresence<Server>(harness: EngineHarness<Server>, api: TestApi): void {
  const { afterAll, beforeAll, expect, test } = api;
  let server: Server;
  beforeAll(async () => {
    server = await harness.start();
  });
  afterAll(() => harness.end(server));

  test("who entered is listed with what it said, until it leaves", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    expect(await one.engine.members(topic, soon())).toEqual([]);
    await one.engine.enter(topic, "1", { name: "ann", tags: ["é", null] });
    await one.engine.enter(topic, "2", "bob");
    const [ann, bob] = [...(await one.engine.members(topic, soon()))].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(ann).toEqual({ id: "1", process: ann?.process, as: { name: "ann", tags: ["é", null] } });
    expect(bob).toEqual({ id: "2", process: ann?.process, as: "bob" });
    expect(ann?.process).toMatch(/^[\x21-\x7e]{8,64}$/);
    await one.engine.leave(topic, "1");
    expect(await listed(one.engine, topic)).toEqual(["bob"]);
    await one.engine.leave(topic, "2");
    expect(await listed(one.engine, topic)).toEqual([]);
  });

  test("who entered before the start is listed after it, unless it left", async () => {
    const engine = harness.engine(server);
    const topic = newTopic();
    for (const name of ["ann", "bob"]) await engine.enter(topic, name, name);
    await engine.leave(topic, "bob");
    await engine.start(new Witness(), soon());
    await untilListed(engine, topic, ["ann"]);
    await engine.close();
  });

  test("topics do not mix", async () => {
    await using one = await open(harness, server);
    const [here, there] = [newTopic(), newTopic()];
    await one.engine.enter(here, "1", "ann");
    await one.engine.enter(there, "1", "bob");
    expect(await listed(one.engine, here)).toEqual(["ann"]);
    expect(await listed(one.engine, there)).toEqual(["bob"]);
    await one.engine.leave(here, "1");
    expect(await listed(one.engine, there)).toEqual(["bob"]);
  });

  test("to leave without having entered changes nothing", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.enter(topic, "1", "ann");
    await one.engine.leave(topic, "2");
    expect(await listed(one.engine, topic)).toEqual(["ann"]);
  });

  test("a question that is aborted rejects with its signal's reason", async () => {
    await using one = await open(harness, server);
    const reason = new Error("given up");
    await expect(one.engine.members(newTopic(), AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  if (harness.second) {
    test("two processes list each other's members", async () => {
      await using one = await open(harness, server);
      await using other = await open(harness, server);
      const topic = newTopic();
      await one.engine.enter(topic, "1", "ann");
      await other.engine.enter(topic, "1", "bob");
      for (const { engine } of [one, other]) await untilListed(engine, topic, ["ann", "bob"]);
      const members = await one.engine.members(topic, soon());
      expect(new Set(members.map((member) => member.process)).size).toBe(2);
      await one.engine.leave(topic, "1");
      for (const { engine } of [one, other]) await untilListed(engine, topic, ["bob"]);
    });

    test("who closes is no longer listed", async () => {
      await using one = await open(harness, server);
      const other = await open(harness, server);
      const topic = newTopic();
      await other.engine.enter(topic, "1", "bob");
      await untilListed(one.engine, topic, ["bob"]);
      await other.engine.close();
      await untilListed(one.engine, topic, []);
      expect(await listed(one.engine, topic)).toEqual([]);
    });
  }
}
