import { describe } from "vitest";
import { conformEngine } from "../../conformance/suite.fixture.js";
import { tellWithout } from "../real-server.fixture.js";
import { redisHarness } from "./redis-harness.fixture.js";
import { hasRedisServer, redisServer } from "./redis-server.fixture.js";

tellWithout(redisServer, "Redis");

describe.runIf(hasRedisServer)("on a real server", () => conformEngine("redis", redisHarness));
