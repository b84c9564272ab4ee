import { start } from "@ws/testing";
import { expect, it } from "vitest";
import { createApplication } from "./application.js";
import { engineAt } from "./engine.js";
import { describeEngines } from "./engine-programs.fixture.js";
import { startEngineServer } from "./engine-server.js";
import { createLogger } from "./logger.js";
import { join } from "./remote.fixture.js";

describeEngines(
  (name) => `while ${name} is down`,
  30_000,
  (name) => {
    it("who is in a room stays and is told what was not said, who joins is told to come later, and the log says it", async () => {
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
        await using ada = await join(server, "Ada");
        const told = new Promise<void>((resolve) => {
          onLine = resolve;
        });
        await engineServer.child.end("SIGKILL");
        await told;
        await ada.sendJson({ type: "say", text: "anybody?" });
        const refused = { type: "refused", problem: "That may not have reached the room." };
        expect(await ada.receiveJson()).toEqual(refused);
        await using bo = await server.connect("/chat/lobby/");
        await bo.sendJson({ type: "join", name: "Bo" });
        expect(await bo.closed).toMatchObject({ code: 1013 });
        await using echo = await server.connect("/ws/");
        await echo.sendText("still here");
        expect(await echo.receiveText()).toBe("still here");
      }
      await engineServer.close();
      expect(lines).toEqual([expect.stringMatching(/warn {2}the broadcast engine is down reason="/)]);
    });
  },
);
