import type { EngineHarness, EngineRecipe, ServerFaults } from "../../conformance/suite.fixture.js";
import { redis } from "../../redis.js";
import { RedisServer } from "./redis-server.fixture.js";

/** What can be done to a real server. */
export const redisFaults: ServerFaults<RedisServer> = {
  kill: (server) => server.kill(),
  restart: (server) => server.restart(),
  stop: (server) => server.pause(),
  continue: async (server) => server.continue(),
};

/** How the suite makes an engine on a real server. */
export const redisHarness: EngineHarness<RedisServer> = {
  start: () => RedisServer.start(),
  end: (server) => server.end(),
  engine: ({ url }, prefix) => redis({ url, prefix, connectTimeout: 30_000 }),
  second: true,
  prefixes: true,
  faults: redisFaults,
};

/** How another process makes one. */
export const redisRecipe = ({ url }: RedisServer): EngineRecipe => ({
  module: new URL("../../redis.ts", import.meta.url).href,
  make: "redis",
  options: { url },
});
