import { down } from "./faults.js";
import type { EngineHarness, ServerFaults } from "./harness.js";
import type { TestApi } from "./test-api.js";
import { codeOf, newTopic, open, soon } from "./witness.js";

/** A hang must be found, and a subscription be whole again, within these, in ms. */
const found = 15_000;
const whole = 2_000;

/** How soon an engine must find out and come back. A real server is needed, and a machine with time to spare. */
export function conformDeadlines<Server>(
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

  test("fault 147: after a restart of the server every subscription is whole again within 2 s, and that is told", async () => {
    await using one = await open(harness, server);
    const topics = [newTopic(), newTopic()];
    for (const topic of topics) await one.engine.subscribe(topic, undefined, soon());
    await faults.kill(server);
    await down(one);
    await faults.restart(server);
    const back = performance.now();
    await one.witness.until(() => one.witness.all("resumed").length >= topics.length);
    expect(performance.now() - back).toBeLessThan(whole);
    const events = one.witness.told.map(({ event }) => event);
    expect(events.slice(events.indexOf("down"))).toEqual(["down", "up", "resumed", "resumed"]);
    expect(
      one.witness
        .all("resumed")
        .map(({ topic }) => topic)
        .sort(),
    ).toEqual([...topics].sort());
    for (const topic of topics) await one.engine.publish(topic, '"after"', undefined, soon());
    for (const topic of topics) await one.witness.count(topic, 1);
    expect(topics.map((topic) => one.witness.payloads(topic))).toEqual([['"after"'], ['"after"']]);
  });

  test("fault 148: a server that hangs is found within 15 s, and come back to", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    await faults.stop(server);
    const hung = performance.now();
    const reason = new Error("too late");
    const abort = new AbortController();
    const publishing = one.engine.publish(topic, '"hung"', undefined, abort.signal);
    publishing.catch(() => {});
    abort.abort(reason);
    await expect(publishing).rejects.toBe(reason);
    expect(performance.now() - hung).toBeLessThan(1_000);
    const inFlight = codeOf(one.engine.publish(topic, '"in flight"', undefined, soon()));
    await down(one);
    expect(performance.now() - hung).toBeLessThan(found);
    expect(await inFlight).toBe("ERR_WS_ENGINE_DOWN");
    expect(await codeOf(one.engine.publish(topic, '"down"', undefined, soon()))).toBe("ERR_WS_ENGINE_DOWN");
    await faults.continue(server);
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    await one.engine.publish(topic, '"after"', undefined, soon());
    await one.witness.until(() => one.witness.payloads(topic).includes('"after"'));
    expect(one.witness.payloads(topic)).not.toContain('"down"');
  });

  test("an engine whose server hangs can be closed, within 2 s", async () => {
    const { engine } = await open(harness, server);
    await faults.stop(server);
    const before = performance.now();
    await engine.close();
    expect(performance.now() - before).toBeLessThan(2_000);
    await faults.continue(server);
  });
}
