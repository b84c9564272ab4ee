import { start } from "@ws/testing";
import { expect, test } from "vitest";
import { createApplication } from "../application.js";
import { addressOf, Guest } from "../chat/guest.fixture.js";
import { createLogger } from "../logger.js";
import { engineAt } from "./engine.js";
import { describeEngines } from "./engine-programs.fixture.js";
import { startEngineServer } from "./engine-server.js";

describeEngines(
  (name) => `while ${name} is down`,
  (name) => {
    test("who is in a room stays and is told what may not have been said, who joins is told to come later, and the log says it", async () => {
      const engineServer = await startEngineServer(name);
      const lines: string[] = [];
      let onLine = (): void => {};
      const logger = createLogger("warn", (line) => {
        lines.push(line);
        onLine();
      });
      const application = createApplication({ logger, engine: engineAt(engineServer.url) });
      {
        await using server = await start(application);
        await using ada = await Guest.joined(server, "Ada");
        const told = new Promise<void>((resolve) => {
          onLine = resolve;
        });
        await engineServer.child.end("SIGKILL");
        await told;
        await expect(ada.say("anybody?")).rejects.toMatchObject({ name: "uncertain" });
        await using bo = new Guest(server, addressOf("Bo"));
        bo.client.request("join").catch(() => {});
        expect(await bo.until("waiting")).toMatchObject({ down: { code: 1013 } });
        await using echo = await server.connect("/ws/");
        await echo.sendText("still here");
        expect(await echo.receiveText()).toBe("still here");
      }
      await engineServer.close();
      expect(lines).toEqual([expect.stringMatching(/warn {2}the broadcast engine is down reason="/)]);
    });
  },
);
