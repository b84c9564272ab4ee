import { expect, test } from "vitest";
import { Guest } from "../chat/guest.fixture.js";
import { addressIn, run } from "../run.fixture.js";
import { describeEngines } from "./engine-programs.fixture.js";
import { startEngineServer } from "./engine-server.js";
import { remote } from "./remote.fixture.js";

const silent = { PORT: "0", LOG_LEVEL: "silent" };

// An engine takes up to 15 s to know that a process is gone.
describeEngines(
  (engine) => `over ${engine}`,
  (engine) => {
    test("those of a process that was killed are here no more", async () => {
      const server = await startEngineServer(engine);
      try {
        const env = { ...silent, BROADCAST: server.url };
        const [here, there] = [run(env), run(env)];
        await using ada = await Guest.joined(remote(addressIn(await here.line(0))), "Ada");
        await using _bo = await Guest.joined(remote(addressIn(await there.line(0))), "Bo");
        await expect.poll(() => ada.names).toEqual(["Ada", "Bo"]);
        there.child.kill("SIGKILL");
        await expect.poll(() => ada.names).toEqual(["Ada"]);
      } finally {
        await server.close();
      }
    });
  },
);
