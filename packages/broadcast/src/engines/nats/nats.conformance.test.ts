import { describe } from "vitest";
import { conformEngine } from "../../conformance/suite.fixture.js";
import { tellWithout } from "../real-server.fixture.js";
import { natsHarness } from "./nats-harness.fixture.js";
import { hasNatsServer, natsServer } from "./nats-server.fixture.js";

tellWithout(natsServer, "NATS");

describe.runIf(hasNatsServer)("on a real server", () => conformEngine("nats", natsHarness));
