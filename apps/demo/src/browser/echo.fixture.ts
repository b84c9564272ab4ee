import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { frames, type Stage, state, visit } from "./browser.fixture.js";

async function type(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

export function echo(stage: Stage): void {
  test("connects by itself to the host that it came from, and hello comes back", async () => {
    const { page } = await stage.shared();
    await state(page, "Echo", "Open");
    await page.getByText(`${stage.server.url.replace("http:", "ws:")}/ws/`).waitFor();
    await frames(page, "hello").filter({ hasText: "received" }).filter({ hasText: " ms" }).first().waitFor();
  });

  test("sends hello every second until that is switched off", async () => {
    await using visited = await visit(stage.browser, stage.server.url, { hasClock: true });
    const { page } = visited;
    const received = frames(page, "hello").filter({ hasText: "received" });
    await received.first().waitFor();
    await page.clock.runFor(3_000);
    await received.nth(3).waitFor();
    await page.getByRole("checkbox", { name: "every second" }).uncheck();
    await type(page, "switched off");
    await frames(page, "switched off").nth(1).waitFor();
    const before = await received.count();
    await page.clock.runFor(5_000);
    await type(page, "still here");
    await frames(page, "still here").nth(1).waitFor();
    expect(await received.count()).toBe(before);
  });

  test("shows a text that was typed both ways, with its size and round trip", async () => {
    const { page } = await stage.shared();
    await state(page, "Echo", "Open");
    await type(page, "<b>über</b>");
    const echoes = frames(page, "<b>über</b>");
    await echoes.nth(1).waitFor();
    expect(await echoes.allInnerTexts()).toEqual([
      expect.stringMatching(/received.*12 B.*\d ms$/s),
      expect.stringMatching(/sent.*12 B\s*$/s),
    ]);
    expect(await page.locator("#last").textContent()).toMatch(/^\d+(\.\d+)?$/);
  });

  test("sends a file as bytes, which come back as they were", async () => {
    const { page } = await stage.shared();
    await state(page, "Echo", "Open");
    const buffer = Buffer.from([0x00, 0xff, 0x10, 0x80, 0xfe]);
    await page.getByLabel("Send a file").setInputFiles({ name: "a.bin", mimeType: "application/x", buffer });
    const echoes = frames(page, "00 ff 10 80 fe");
    await echoes.nth(1).waitFor();
    expect(await echoes.first().textContent()).toMatch(/received.*5 B.* ms/s);
  });

  test("says why a file is not sent that the server would not take", async () => {
    const { page } = await stage.shared();
    await state(page, "Echo", "Open");
    const buffer = Buffer.alloc(1_048_577);
    await page
      .getByLabel("Send a file")
      .setInputFiles({ name: "big.bin", mimeType: "application/x", buffer });
    const alert = page.getByRole("alert").filter({ hasText: "big.bin has 1.0 MiB; the server takes up to" });
    await alert.waitFor();
    // The clock's next hello does not take the sentence away.
    const received = frames(page, "hello").filter({ hasText: "received" });
    await received.nth(await received.count()).waitFor();
    expect(await alert.isVisible()).toBe(true);
    await state(page, "Echo", "Open");
  });
}
