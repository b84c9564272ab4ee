import { describe, expect, test } from "vitest";
import { newTopic, soon } from "../../conformance/witness.js";
import { NatsCluster } from "./nats-cluster.fixture.js";
import { openNats } from "./nats-opened.fixture.js";
import { hasNatsServer } from "./nats-server.fixture.js";

describe.runIf(hasNatsServer)("a cluster of three servers", () => {
  test("fault 217: who has subscribed behind one server gets what is published behind another from then on", async () => {
    await using cluster = await NatsCluster.start();
    const [first = "", second = ""] = cluster.urls;
    await using one = await openNats(first);
    await using other = await openNats(second);
    for (let round = 0; round < 20; round += 1) {
      const topics = [newTopic(), newTopic()];
      await Promise.all(topics.map((topic) => other.engine.subscribe(topic, undefined, soon())));
      await Promise.all(topics.map((topic) => one.engine.publish(topic, "1", undefined, soon())));
      for (const topic of topics) await other.witness.count(topic, 1);
    }
    // Whoever is gone without a word is waited for no longer than a moment, and who closes meanwhile not at all.
    await cluster.servers[0]?.kill();
    await other.engine.subscribe(newTopic(), undefined, soon());
    const subscribing = other.engine.subscribe(newTopic(), undefined, soon());
    await other.engine.close();
    await expect(subscribing).rejects.toMatchObject({ code: "ERR_WS_BROADCAST_CLOSED" });
  });
});
