import type { EngineHarness, ServerFaults } from "./harness.js";
import type { TestApi } from "./test-api.js";
import { codeOf, eventually, newTopic, type Opened, open, soon } from "./witness.js";

/** Resolves with the reason when the engine reports that it is down. */
export async function down({ witness }: Opened, from = 0): Promise<string> {
  await witness.until(() => witness.all("down", from).length > 0);
  return String(witness.all("down", from)[0]?.reason);
}

/**
 * The behaviour that is required of every engine with a server when the server fails. It takes a real server, and therefore
 * the real clock.
 */
export function conformFaults<Server>(
  harness: EngineHarness<Server>,
  faults: ServerFaults<Server>,
  api: TestApi,
): void {
  const { afterEach, beforeEach, expect, test } = api;
  let server: Server;
  beforeEach(async () => {
    server = await harness.start();
  });
  afterEach(() => harness.end(server));

  test("fault 146: a start without a server is a clear failure, and may be tried again", async () => {
    await faults.kill(server);
    const one = await open(harness, server).catch((error: unknown) => error);
    expect(one).toMatchObject({ name: "BroadcastError", code: "ERR_WS_ENGINE_UNREACHABLE" });
    expect((one as Error).message).toMatch(/^[^\n]{10,512}$/);
    await faults.restart(server);
    await using again = await open(harness, server);
    expect(await again.engine.publish(newTopic(), "1", undefined, soon())).toMatchObject({ sequence: 1 });
  });

  test("an engine whose start failed can be started when the server is there", async () => {
    await faults.kill(server);
    const engine = harness.engine(server);
    const ignore = (): void => {};
    const listener = {
      delivered: ignore,
      poisoned: ignore,
      resumed: ignore,
      heard: ignore,
      up: ignore,
      down: ignore,
    };
    expect(await codeOf(engine.start(listener, soon()))).toBe("ERR_WS_ENGINE_UNREACHABLE");
    await faults.restart(server);
    await engine.start(listener, soon());
    expect(await codeOf(engine.publish(newTopic(), "1", undefined, soon()))).toBe("resolved");
    await engine.close();
  });

  test("a killed server is told of once, in one line; calls then reject at once", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    await faults.kill(server);
    expect(await down(one)).toMatch(/^[^\n]{1,512}$/);
    expect(await codeOf(one.engine.publish(topic, "1", undefined, soon()))).toBe("ERR_WS_ENGINE_DOWN");
    expect(await codeOf(one.engine.subscribe(newTopic(), undefined, soon()))).toBe("ERR_WS_ENGINE_DOWN");
    expect(await codeOf(one.engine.members(topic, soon()))).toBe("ERR_WS_ENGINE_DOWN");
    expect(one.witness.all("down")).toHaveLength(1);
  });

  test("what is under way when the server is killed settles", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const publishes = Array.from({ length: 100 }, (_, index) =>
      codeOf(one.engine.publish(topic, String(index), undefined, soon())),
    );
    await faults.kill(server);
    const codes = new Set(await Promise.all(publishes));
    for (const code of codes) expect(["resolved", "ERR_WS_ENGINE_DOWN"]).toContain(code);
  });

  test("a server that is killed twice is come back to twice", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    for (const payload of ["1", "2"]) {
      const from = one.witness.told.length;
      await faults.kill(server);
      await down(one, from);
      await faults.restart(server);
      await one.witness.until(() => one.witness.all("resumed", from).length > 0);
      await one.engine.publish(topic, payload, undefined, soon());
      await one.witness.until(() => one.witness.payloads(topic).includes(payload));
    }
    expect(one.witness.payloads(topic)).toEqual(["1", "2"]);
  });

  test("fault 150: no position is given twice, also by a server that forgot everything", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const history = { size: 5, ttl: 60_000 };
    await one.engine.subscribe(topic, history, soon());
    const before = await one.engine.publish(topic, '"before"', history, soon());
    await faults.kill(server);
    await down(one);
    await faults.restart(server);
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    const after = await one.engine.publish(topic, '"after"', history, soon());
    expect(after).not.toEqual(before);
    const past = await one.engine.past(topic, before, history, soon());
    if (after.epoch === before.epoch) expect(past).toMatchObject({ recovered: true });
    else expect(past).toEqual({ recovered: false });
    await one.witness.until(() => one.witness.payloads(topic).includes('"after"'));
  });

  test("who is here is listed again after a restart, and who left meanwhile is not", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    for (const name of ["ann", "bob"]) await one.engine.enter(topic, name, name);
    await faults.kill(server);
    await down(one);
    const changes = [one.engine.leave(topic, "bob"), one.engine.enter(topic, "eve", "eve")];
    await Promise.allSettled(changes);
    await faults.restart(server);
    await one.witness.until(() => one.witness.all("up").length > 0);
    const names = async (): Promise<string> => {
      const members = await one.engine.members(topic, soon());
      return members
        .map(({ as }) => String(as))
        .sort()
        .join();
    };
    expect(await eventually(names, (found) => found === "ann,eve")).toBe("ann,eve");
  });

  test("an engine that is down can be closed", async () => {
    const { engine } = await open(harness, server).then(async (one) => {
      await faults.kill(server);
      await down(one);
      return one;
    });
    await engine.close();
    expect(await codeOf(engine.publish(newTopic(), "1", undefined, soon()))).toBe("ERR_WS_BROADCAST_CLOSED");
  });
}
