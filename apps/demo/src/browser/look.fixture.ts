import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Guest } from "../chat/guest.fixture.js";
import { remote } from "../engines/remote.fixture.js";
import { frames, heard, join, type Stage, say, state, takePictures, visit } from "./browser.fixture.js";

export function look(stage: Stage): void {
  test("fits a wide and a narrow window, in light and in dark colours", async () => {
    const server = remote(stage.server.url);
    await using bo = await Guest.joined(server, "Bo");
    await using visited = await visit(stage.browser, server.url, { reducedMotion: "reduce" });
    const { page, complaints } = visited;
    await state(page, "Echo", "Open");
    await join(page, "Ada", "lobby");
    await fillPage(page, bo);
    await takePictures(page, "page");
    expect(await pageSize(page)).toEqual({ scrollWidth: 1280, scrollHeight: 900 });
    for (const width of [390, 360]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await pageSize(page)).toMatchObject({ scrollWidth: width });
    }
    expect(complaints).toEqual([]);
  });
}

async function pageSize(page: Page): Promise<{ scrollWidth: number; scrollHeight: number }> {
  return await page
    .locator("html")
    .evaluate(({ scrollWidth, scrollHeight }) => ({ scrollWidth, scrollHeight }));
}

/** Traffic enough to judge the page by. */
async function fillPage(page: Page, other: Guest): Promise<void> {
  const messages = Array.from({ length: 40 }, (_, index) =>
    index % 12 === 11 ? `number ${index + 1}, `.repeat(400) : `number ${index + 1}`,
  );
  // All at once: each by itself would take as long as the rest of this test.
  await page.locator("#send-form").evaluate((form, texts) => {
    for (const text of texts) {
      Object.assign(form.querySelector("#message") ?? {}, { value: text });
      form.dispatchEvent(new Event("submit", { cancelable: true }));
    }
  }, messages);
  await frames(page, "number 40").nth(1).waitFor();
  const file = fileURLToPath(new URL("../../public/icon.svg", import.meta.url));
  await page.getByLabel("Send a file").setInputFiles(file);
  await frames(page, "3c 73 76 67").nth(1).waitFor();
  await say(page, "Does every frame come back?");
  await other.hears("Ada: Does every frame come back?");
  await other.say("Every one, and in order.");
  await other.say("The clock beside this says how soon.");
  await heard(page, "The clock beside this says how soon.");
  await say(page, "Sooner than I can read.");
  await heard(page, "Sooner than I can read.");
}
