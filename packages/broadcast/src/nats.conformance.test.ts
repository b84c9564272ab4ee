import { describe } from "vitest";
import { conformEngine, type EngineHarness } from "./engine.conformance.fixture.js";
import { nats } from "./nats.js";
import { hasNatsServer, NatsServer, natsServer } from "./nats-server.fixture.js";
import { tellWithout } from "./real-server.fixture.js";

const harness: EngineHarness<NatsServer> = {
  start: () => NatsServer.start(),
  end: (server) => server.end(),
  engine: ({ url }, prefix) => nats({ servers: url, prefix }),
  second: true,
  prefixes: true,
  faults: {
    kill: (server) => server.kill(),
    restart: (server) => server.restart(),
    stop: (server) => server.pause(),
    continue: async (server) => server.continue(),
  },
  recipe: ({ url }) => ({ module: "./nats.js", make: "nats", options: { servers: url } }),
};

tellWithout(natsServer, "NATS");

describe.runIf(hasNatsServer)("on a real server", () => conformEngine("nats", harness));
