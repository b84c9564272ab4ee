import { describe } from "vitest";
import { conformDeadlines } from "../../conformance/deadlines.fixture.js";
import { tellWithout } from "../real-server.fixture.js";
import { natsFaults, natsHarness, natsRecipe } from "./nats-harness.fixture.js";
import { hasNatsServer, natsServer } from "./nats-server.fixture.js";

tellWithout(natsServer, "NATS");

describe.runIf(hasNatsServer)("nats, on a real server: deadlines", () =>
  conformDeadlines(natsHarness, natsFaults, natsRecipe),
);
