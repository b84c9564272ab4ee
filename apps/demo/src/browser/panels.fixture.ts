import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { heard, join, type Stage, say, state, visit } from "./browser.fixture.js";

export function panels(stage: Stage): void {
  /** The region that shows code within a panel. */
  function code(page: Page, panel: string) {
    return page.getByRole("region", { name: `Code of the ${panel}` });
  }

  test("show the code that answers them, coloured, and nothing but that code", async () => {
    const { page } = await stage.shared();
    const echo = code(page, "echo");
    await echo.locator(".token-keyword").first().waitFor();
    const source = await readFile(new URL("../views/echo.ts", import.meta.url), "utf8");
    expect(await echo.locator("code").textContent()).toBe(source.trimEnd());
    await echo.getByRole("button", { name: "application.ts" }).click();
    await echo.getByText("createRouter([").waitFor();
    expect(await echo.getByRole("button", { name: "echo.ts" }).getAttribute("aria-expanded")).toBe("false");
    await echo.getByRole("button", { name: "application.ts" }).click();
    expect(await echo.locator("pre").isVisible()).toBe(false);
  });

  test("fill the chat with its code until somebody joins, and with messages from then on", async () => {
    await using visited = await visit(stage.browser, stage.server.url);
    const { page } = visited;
    const chat = page.getByRole("region", { name: "Chat", exact: true });
    await code(page, "chat").getByText("implement(").waitFor();
    const heightOf = async (part: Locator): Promise<number> => (await part.boundingBox())?.height ?? 0;
    expect(await heightOf(chat.locator("pre"))).toBeGreaterThan((await heightOf(chat)) / 2);
    expect(await page.getByLabel("Message to the room").isVisible()).toBe(false);
    await join(page, "Ada", "filled");
    await page.getByRole("log").waitFor();
    expect(await chat.locator("pre").isVisible()).toBe(false);
    await say(page, "here");
    await heard(page, "here");
    await page.getByRole("button", { name: "Leave" }).click();
    await state(page, "Chat", "Not in a room");
    expect(await page.getByRole("log").isVisible()).toBe(true);
  });

  test("are one at a time on a phone, the chat no further away than the echo", async () => {
    await using visited = await visit(stage.browser, stage.server.url, {
      viewport: { width: 390, height: 844 },
    });
    const { page, complaints } = visited;
    const panel = (name: string) => page.getByRole("region", { name, exact: true });
    await state(page, "Echo", "Open");
    const top = (await panel("Echo").boundingBox())?.y ?? 0;
    expect(await panel("Chat").isVisible()).toBe(false);
    await page.getByRole("link", { name: "Chat" }).click();
    await panel("Chat").waitFor();
    expect((await panel("Chat").boundingBox())?.y).toBe(top);
    expect(await panel("Echo").isVisible()).toBe(false);
    await page.goBack();
    await panel("Echo").waitFor();
    expect(complaints).toEqual([]);
  });

  test("keep the marks of the scale inside their column, however slow the round trips are", async () => {
    const { page } = await stage.shared();
    await state(page, "Echo", "Open");
    const rightOf = async (part: Locator): Promise<number> => {
      const { x, width } = (await part.boundingBox()) ?? { x: 0, width: 0 };
      return x + width;
    };
    // What the page itself would write for a slowest twentieth of 0.5 ms to 100 s.
    for (const text of ["0.25 ms", "100 ms", "500 ms", "2.5 s", "100 s"]) {
      const mark = page.locator(".scale-top");
      await mark.evaluate((element, label) => {
        element.textContent = label;
      }, text);
      const overhang = (await rightOf(mark)) - (await rightOf(page.locator(".stats")));
      expect(overhang).toBeLessThanOrEqual(0);
    }
  });
}
