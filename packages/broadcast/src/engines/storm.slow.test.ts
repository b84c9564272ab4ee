import { describe, expect, test } from "vitest";
import { hasNatsServer, NatsServer } from "./nats/nats-server.fixture.js";
import { hasRedisServer, RedisServer } from "./redis/redis-server.fixture.js";
import { storm } from "./storm.fixture.js";

/** As many times the server fails while a process publishes. */
const faults = 100;

describe("a process that publishes while its server hangs, dies and comes back", () => {
  test.runIf(hasNatsServer)(
    "fault 212: over NATS every publish settles, and nothing is thrown elsewhere",
    async () => {
      await using server = await NatsServer.start();
      const options = { servers: server.url, pingInterval: 100, connectTimeout: 200 };
      const report = await storm(
        server,
        { module: new URL("../nats.ts", import.meta.url).href, make: "nats", options },
        faults,
      );
      expect(report.uncaught).toEqual([]);
      expect(report.downs).toBeGreaterThan(faults / 3);
    },
    600_000,
  );

  test.runIf(hasRedisServer)(
    "fault 212: over Redis every publish settles, and nothing is thrown elsewhere",
    async () => {
      await using server = await RedisServer.start();
      const options = { url: server.url, pingInterval: 100, connectTimeout: 200 };
      const report = await storm(
        server,
        { module: new URL("../redis.ts", import.meta.url).href, make: "redis", options },
        faults,
      );
      expect(report.uncaught).toEqual([]);
      expect(report.downs).toBeGreaterThan(faults / 3);
    },
    600_000,
  );
});
