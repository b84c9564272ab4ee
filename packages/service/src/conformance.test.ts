import { createBroadcast, memory } from "@ws/broadcast";
import type { Application } from "@ws/events";
import { websockets } from "@ws/middleware";
import { createRouter } from "@ws/router";
import { memory as inMemory, loopback, start, type TestServer } from "@ws/testing";
import { type WireTarget, wireConformance } from "@ws/testing/wire";
import { afterAll, beforeAll, describe, test } from "vitest";
import { referenceRoute } from "./reference.fixture.js";

const broadcast = createBroadcast({ engine: memory() });
const servers = new Map<string, TestServer>();

function target(name: string): WireTarget {
  return {
    name,
    open: (room, subprotocols) => {
      const server = servers.get(name) as TestServer;
      return server.connect(`/wire/${room}/`, { subprotocols, timeout: 60_000 });
    },
  };
}

beforeAll(async () => {
  const application = websockets(createRouter([referenceRoute(broadcast)]))() as Application;
  for (const transport of [inMemory, loopback]) {
    servers.set(transport.name, await start(application, { transport }));
  }
});

afterAll(async () => {
  for (const server of servers.values()) await server.close({ grace: 100 });
  await broadcast.close();
});

for (const name of ["memory", "loopback"]) wireConformance(target(name), { describe, test });
