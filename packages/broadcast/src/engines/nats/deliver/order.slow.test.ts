import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { nats } from "../../../nats.js";
import { type Broadcast, createBroadcast } from "../../../topic/broadcast.js";
import { connected } from "../../../topic/connection.fixture.js";
import { hasNatsServer, NatsServer } from "../nats-server.fixture.js";

const history = { size: 1_000, ttl: 60_000 };
const schema = z.string();

/** How many each of the two publishes, and how many of them in 10 ms. */
const count = 50_000;
const burst = 8;

async function publishAll(broadcast: Broadcast, name: string): Promise<void> {
  const topic = broadcast.topic("t", schema, { history });
  const start = performance.now();
  const publishes: Promise<unknown>[] = [];
  for (let number = 0; number < count; ) {
    for (let left = burst; left > 0; left -= 1, number += 1)
      publishes.push(topic.publish(`${name}${number}`));
    await pause(Math.max(0, start + (number / burst) * 10 - performance.now()));
  }
  await Promise.all(publishes);
}

describe.runIf(hasNatsServer)("two publishers of 800 messages a second each, over a stream", () => {
  test("fault 213: nothing of 100,000 is lost, comes twice or in another order", async () => {
    await using server = await NatsServer.start();
    const open = (): Broadcast =>
      createBroadcast({ engine: nats({ servers: server.url }), maxPendingPublishes: 100_000 });
    await using one = open();
    await using other = open();
    await using listener = open();
    const gaps: unknown[] = [];
    listener.on("gap", (gap) => gaps.push(gap));
    const { connection, socket } = await connected();
    await listener.topic("t", schema, { history }).join(connection).joined;
    await Promise.all([publishAll(one, "a"), publishAll(other, "b")]);
    while (socket.sent.length + gaps.length < 2 * count) await pause(100);
    expect(gaps).toEqual([]);
    for (const name of ["a", "b"]) {
      const seen = socket.sent.filter((text) => text.startsWith(`"${name}`));
      expect(seen).toEqual(Array.from({ length: count }, (_, number) => `"${name}${number}"`));
    }
    expect(listener.counters).toMatchObject({ gaps: 0, poisoned: 0 });
  }, 600_000);
});
