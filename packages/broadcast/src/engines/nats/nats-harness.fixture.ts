import type { EngineHarness, EngineRecipe, ServerFaults } from "../../conformance/suite.fixture.js";
import { nats } from "../../nats.js";
import { NatsServer } from "./nats-server.fixture.js";

/** What can be done to a real server. */
export const natsFaults: ServerFaults<NatsServer> = {
  kill: (server) => server.kill(),
  restart: (server) => server.restart(),
  stop: (server) => server.pause(),
  continue: async (server) => server.continue(),
};

/** How the suite makes an engine on a real server. */
export const natsHarness: EngineHarness<NatsServer> = {
  start: () => NatsServer.start(),
  end: (server) => server.end(),
  engine: ({ url }, prefix) => nats({ servers: url, prefix, connectTimeout: 30_000 }),
  second: true,
  prefixes: true,
  faults: natsFaults,
};

/** How another process makes one. */
export const natsRecipe = ({ url }: NatsServer): EngineRecipe => ({
  module: new URL("../../nats.ts", import.meta.url).href,
  make: "nats",
  options: { servers: url },
});
