import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { fromFetch, type HandshakeRejectedMessage, serve } from "@ws/server";
import { expect, test } from "vitest";
import { createApplication } from "../application.js";
import { Guest } from "../chat/guest.fixture.js";
import { engineAt } from "../engines/engine.js";
import { isInstalled } from "../engines/engine-programs.fixture.js";
import { startEngineServer } from "../engines/engine-server.js";
import { remote } from "../engines/remote.fixture.js";
import { createLogger } from "../logger.js";
import { heard, join, type Stage, say, serveDemo, state, takePictures, visit } from "./browser.fixture.js";

/** With `PICTURES` set the chat is photographed before, during and after a restart. */
const hasPictures = process.env["PICTURES"] !== undefined;

export function connection(stage: Stage): void {
  test("refuses the socket of a page of another origin", async () => {
    const rejected: unknown[] = [];
    const onRejected = (message: unknown): unknown =>
      rejected.push((message as HandshakeRejectedMessage).status);
    subscribe("ws.server.handshake.rejected", onRejected);
    const blank = fromFetch(
      () => new Response("<title>.</title>", { headers: { "content-type": "text/html" } }),
    );
    await using elsewhere = await serve(blank, { port: 0 });
    const attempt = `new Promise((resolve) => {
      const socket = new WebSocket("${stage.server.url.replace("http:", "ws:")}/ws/");
      socket.onopen = () => resolve("open");
      socket.onclose = ({ code }) => resolve(code);
    })`;
    await using foreign = await visit(stage.browser, elsewhere.url);
    expect(await (await stage.shared()).page.evaluate(attempt)).toBe("open");
    expect(await foreign.page.evaluate(attempt)).toBe(1006);
    expect(rejected).toEqual([403]);
    unsubscribe("ws.server.handshake.rejected", onRejected);
  });

  test("shows the close code and that the chat rejoins, connects at once at the press of a button, and says where messages may be missing since", async () => {
    const first = await serveDemo();
    await using visited = await visit(stage.browser, first.url, { hasClock: true });
    const { page } = visited;
    await state(page, "Echo", "Open");
    await join(page, "Ada", "gaps");
    await say(page, "before");
    await heard(page, "before");
    // No timer of the page runs from here on.
    await page.clock.pauseAt(Date.now() + 60_000);
    await first.close({ grace: 1_000 });
    await state(page, "Echo", "Closed, 1012 service restart");
    await page.getByPlaceholder("Rejoining …").waitFor();
    await using _second = await serveDemo({ port: Number(new URL(first.url).port) });
    await page.getByRole("button", { name: "Reconnect now" }).click();
    await page.clock.runFor(1);
    await state(page, "Echo", "Open");
    await page.clock.fastForward(6_999);
    await state(page, "Chat", "In gaps as Ada");
    await heard(page, "You were away for 7 s; something may be missing here");
    await page.getByPlaceholder("Say something").waitFor();
    const log = String(await page.getByRole("log").textContent());
    expect(log.indexOf("before")).toBeLessThan(log.indexOf("You were away"));
  });

  test.runIf(isInstalled("redis"))(
    "comes back by itself when the server has been restarted, and what was said meanwhile appears once, under a rule that counts it",
    async () => {
      const engine = await startEngineServer("redis");
      const application = () =>
        createApplication({ logger: createLogger("silent", () => {}), engine: engineAt(engine.url) });
      const first = await serve(application(), { port: 0 });
      const other = await serve(application(), { port: 0 });
      await using bo = await Guest.joined(remote(other.url), "Bo", "harbour");
      await using visited = await visit(stage.browser, `${first.url}#chat`);
      const { page } = visited;
      await state(page, "Echo", "Open");
      await join(page, "Ada", "harbour");
      await say(page, "I am about to be cut off.");
      await bo.hears("Ada: I am about to be cut off.");
      if (hasPictures) await takePictures(page, "before");
      await first.close({ grace: 1_000 });
      await state(page, "Chat", /Closed, 1/);
      await page
        .getByText(/again in \d+ s/)
        .first()
        .waitFor();
      if (hasPictures) await takePictures(page, "during");
      const missed = ["Are you still there?", "Never mind.", "You will read it when you are back."];
      for (const text of missed) await bo.say(text);
      const second = await serve(application(), { port: Number(new URL(first.url).port) });
      await state(page, "Echo", "Open");
      await state(page, "Chat", "In harbour as Ada");
      await heard(page, "3 messages while you were away");
      await bo.say("There you are.");
      await heard(page, "There you are.");
      await page.getByText("2 here: Ada, Bo").waitFor();
      if (hasPictures) await takePictures(page, "after");
      const items = await page
        .getByRole("log")
        .getByRole("listitem")
        .locator(".text, :scope:not(.said)")
        .allTextContents();
      expect(items).toEqual([
        "You joined harbour",
        "I am about to be cut off.",
        "3 messages while you were away",
        ...missed,
        "There you are.",
      ]);
      for (const server of [second, other]) await server.close({ grace: 1_000 });
      await engine.close();
    },
  );
}
