import { describe } from "vitest";
import { conformDeadlines } from "../../conformance/deadlines.fixture.js";
import { tellWithout } from "../real-server.fixture.js";
import { redisFaults, redisHarness, redisRecipe } from "./redis-harness.fixture.js";
import { hasRedisServer, redisServer } from "./redis-server.fixture.js";

tellWithout(redisServer, "Redis");

describe.runIf(hasRedisServer)("redis, on a real server: deadlines", () =>
  conformDeadlines(redisHarness, redisFaults, redisRecipe),
);
