import { describe } from "vitest";
import { conformEngine, type EngineHarness } from "./engine.conformance.fixture.js";
import { tellWithout } from "./real-server.fixture.js";
import { redis } from "./redis.js";
import { hasRedisServer, RedisServer, redisServer } from "./redis-server.fixture.js";

const harness: EngineHarness<RedisServer> = {
  start: () => RedisServer.start(),
  end: (server) => server.end(),
  engine: ({ url }, prefix) => redis({ url, prefix }),
  second: true,
  prefixes: true,
  faults: {
    kill: (server) => server.kill(),
    restart: (server) => server.restart(),
    stop: (server) => server.pause(),
    continue: async (server) => server.continue(),
  },
  recipe: ({ url }) => ({ module: "./redis.js", make: "redis", options: { url } }),
};

tellWithout(redisServer, "Redis");

describe.runIf(hasRedisServer)("on a real server", () => conformEngine("redis", harness));
