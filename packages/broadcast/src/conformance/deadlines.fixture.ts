import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as vitest from "vitest";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EngineHarness, ServerFaults } from "./harness.js";
import { untilListed } from "./presence.js";
import { conformDeadlines as conform } from "./server-deadlines.fixture.js";
import type { EngineRecipe } from "./suite.fixture.js";
import { newTopic, open } from "./witness.js";

/** A process that enters "bob" on a topic and stays; resolves when it has. */
async function runMember(recipe: EngineRecipe, topic: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL("./member-process.fixture.ts", import.meta.url));
  const source = ["--import", "tsx", "--conditions=@ws/source"];
  const child = spawn(process.execPath, [...source, script, JSON.stringify({ ...recipe, topic })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

/** How soon an engine must find out and come back, also where another process is killed, as tests of vitest. */
export function conformDeadlines<Server>(
  harness: EngineHarness<Server>,
  faults: ServerFaults<Server>,
  recipe: (server: Server) => EngineRecipe,
): void {
  conform(harness, faults, vitest);

  vitest.describe("another process", () => {
    let server: Server;
    beforeEach(async () => {
      server = await harness.start();
    });
    afterEach(() => harness.end(server));

    test("the members of a process that is killed are gone within 15 s", async () => {
      await using one = await open(harness, server);
      const topic = newTopic();
      await one.engine.enter(topic, "1", "ann");
      const child = await runMember(recipe(server), topic);
      try {
        await untilListed(one.engine, topic, ["ann", "bob"]);
      } finally {
        child.kill("SIGKILL");
      }
      const killed = performance.now();
      await untilListed(one.engine, topic, ["ann"]);
      expect(performance.now() - killed).toBeLessThan(15_000);
    });
  });
}
