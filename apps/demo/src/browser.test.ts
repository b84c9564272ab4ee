import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { fileURLToPath } from "node:url";
import { fromFetch, type HandshakeRejectedMessage, type Server, serve } from "@ws/server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { frames, heard, join, launch, say, serveDemo, state, visit } from "./browser.fixture.js";
import { findBrowser } from "./find-browser.fixture.js";

const executable = findBrowser();

describe.runIf(executable)("in a browser", { timeout: 30_000 }, () => {
  let browser: Browser;
  let server: Server;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(executable), serveDemo()]);
  }, 30_000);

  afterAll(async () => {
    await browser.close();
    await server.close({ grace: 1_000 });
  });

  async function type(page: Page, text: string): Promise<void> {
    await page.getByLabel("Message", { exact: true }).fill(text);
    await page.getByRole("button", { name: "Send", exact: true }).click();
  }

  it("connects by itself to the host that it came from, and hello comes back", async () => {
    await using visited = await visit(browser, server.url);
    const { page, complaints } = visited;
    await state(page, "Echo", "Open");
    await page.getByText(`${server.url.replace("http:", "ws:")}/ws/`).waitFor();
    await frames(page, "hello").filter({ hasText: "received" }).filter({ hasText: " ms" }).first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("sends hello every second until that is switched off", async () => {
    await using visited = await visit(browser, server.url);
    const { page } = visited;
    await page.clock.install();
    await page.reload();
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

  it("shows a text that was typed both ways, with its size and round trip", async () => {
    await using visited = await visit(browser, server.url);
    const { page, complaints } = visited;
    await state(page, "Echo", "Open");
    await type(page, "<b>über</b>");
    const echoes = frames(page, "<b>über</b>");
    await echoes.nth(1).waitFor();
    expect(await echoes.allInnerTexts()).toEqual([
      expect.stringMatching(/received.*12 B.*\d ms$/s),
      expect.stringMatching(/sent.*12 B\s*$/s),
    ]);
    expect(await page.locator("#last").textContent()).toMatch(/^\d+(\.\d+)?$/);
    expect(complaints).toEqual([]);
  });

  it("sends a file as bytes, which come back as they were", async () => {
    await using visited = await visit(browser, server.url);
    const { page, complaints } = visited;
    await state(page, "Echo", "Open");
    const buffer = Buffer.from([0x00, 0xff, 0x10, 0x80, 0xfe]);
    await page.getByLabel("Send a file").setInputFiles({ name: "a.bin", mimeType: "application/x", buffer });
    const echoes = frames(page, "00 ff 10 80 fe");
    await echoes.nth(1).waitFor();
    expect(await echoes.first().textContent()).toMatch(/received.*5 B.* ms/s);
    expect(complaints).toEqual([]);
  });

  it("says why a file is not sent that the server would not take", async () => {
    await using visited = await visit(browser, server.url);
    const { page } = visited;
    await state(page, "Echo", "Open");
    const buffer = Buffer.alloc(1_048_577);
    await page
      .getByLabel("Send a file")
      .setInputFiles({ name: "big.bin", mimeType: "application/x", buffer });
    await page
      .getByRole("alert")
      .filter({ hasText: "big.bin has 1.0 MiB; the server takes up to" })
      .waitFor();
    await state(page, "Echo", "Open");
  });

  it("lets two pages talk in a room, and shows who comes and goes", async () => {
    await using ada = await visit(browser, server.url);
    await using bo = await visit(browser, server.url);
    await join(ada.page, "Ada", "talk");
    await join(bo.page, "Bo", "talk");
    await heard(ada.page, "Bo joined");
    await ada.page.getByText("2 here: Ada, Bo").waitFor();
    await say(ada.page, "<i>hello</i> Bo");
    await heard(bo.page, "<i>hello</i> Bo");
    await say(bo.page, "hello Ada");
    await heard(ada.page, "hello Ada");
    await bo.page.getByRole("button", { name: "Leave" }).click();
    await state(bo.page, "Chat", "Not in a room");
    await heard(ada.page, "Bo left");
    expect([...ada.complaints, ...bo.complaints]).toEqual([]);
  });

  it("says so when a name is taken, and lets one choose another", async () => {
    await using ada = await visit(browser, server.url);
    await using other = await visit(browser, server.url);
    await join(ada.page, "Ada", "names");
    await other.page.getByLabel("Name").fill("ada");
    await other.page.getByLabel("Room", { exact: true }).fill("names");
    await other.page.getByRole("button", { name: "Join" }).click();
    await other.page
      .getByRole("alert")
      .filter({ hasText: "Somebody of that name is here already." })
      .waitFor();
    await state(other.page, "Chat", "Not in a room");
    await join(other.page, "Bo", "names");
  });

  it("refuses the socket of a page of another origin", async () => {
    const rejected: unknown[] = [];
    const onRejected = (message: unknown): unknown =>
      rejected.push((message as HandshakeRejectedMessage).status);
    subscribe("ws.server.handshake.rejected", onRejected);
    const blank = fromFetch(
      () => new Response("<title>.</title>", { headers: { "content-type": "text/html" } }),
    );
    await using elsewhere = await serve(blank, { port: 0 });
    const attempt = `new Promise((resolve) => {
      const socket = new WebSocket("${server.url.replace("http:", "ws:")}/ws/");
      socket.onopen = () => resolve("open");
      socket.onclose = ({ code }) => resolve(code);
    })`;
    await using foreign = await visit(browser, elsewhere.url);
    await using own = await visit(browser, server.url);
    expect(await own.page.evaluate(attempt)).toBe("open");
    expect(await foreign.page.evaluate(attempt)).toBe(1006);
    expect(rejected).toEqual([403]);
    unsubscribe("ws.server.handshake.rejected", onRejected);
  });

  it("comes back by itself, into its room too, when the server has been restarted", async () => {
    const first = await serveDemo();
    await using visited = await visit(browser, first.url);
    const { page } = visited;
    await state(page, "Echo", "Open");
    await join(page, "Ada", "again");
    await first.close({ grace: 1_000 });
    await state(page, "Echo", /Closed, 1/);
    await page
      .getByText(/again in \d+ s/)
      .first()
      .waitFor();
    await using _second = await serveDemo({ port: Number(new URL(first.url).port) });
    await state(page, "Echo", "Open");
    await state(page, "Chat", "In again as Ada");
  });

  it("shows the close code, and connects at once at the press of a button", async () => {
    const first = await serveDemo();
    await using visited = await visit(browser, first.url);
    const { page } = visited;
    await state(page, "Echo", "Open");
    // No timer of the page runs from here on.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await first.close({ grace: 1_000 });
    await state(page, "Echo", "Closed, 1012 service restart");
    await using _second = await serveDemo({ port: Number(new URL(first.url).port) });
    await page.getByRole("button", { name: "Reconnect now" }).click();
    await state(page, "Echo", "Open");
  });

  it("fits a wide and a narrow window, in light and in dark colours", async () => {
    await using bo = await visit(browser, server.url);
    await join(bo.page, "Bo", "lobby");
    await using visited = await visit(browser, server.url, { deviceScaleFactor: 2, reducedMotion: "reduce" });
    const { page, complaints } = visited;
    await state(page, "Echo", "Open");
    await join(page, "Ada", "lobby");
    await fillPage(page, bo.page);
    await page.setViewportSize({ width: 1280, height: 900 });
    await takePictures(page, "wide");
    expect(await pageSize(page)).toEqual({ scrollWidth: 1280, scrollHeight: 900 });
    await page.setViewportSize({ width: 390, height: 844 });
    await takePictures(page, "narrow");
    expect(await pageSize(page)).toMatchObject({ scrollWidth: 390 });
    expect(complaints).toEqual([]);
  });
});

async function takePictures(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const path = fileURLToPath(new URL(`../reports/${name}-${colorScheme}.png`, import.meta.url));
    await page.screenshot({ path, fullPage: true });
  }
}

async function pageSize(page: Page): Promise<{ scrollWidth: number; scrollHeight: number }> {
  return await page
    .locator("html")
    .evaluate(({ scrollWidth, scrollHeight }) => ({ scrollWidth, scrollHeight }));
}

/** Traffic enough to judge the page by. */
async function fillPage(page: Page, other: Page): Promise<void> {
  const message = page.getByLabel("Message", { exact: true });
  for (let index = 1; index <= 40; index += 1) {
    await message.fill(index % 12 === 0 ? `number ${index}, `.repeat(400) : `number ${index}`);
    await message.press("Enter");
  }
  await frames(page, "number 40").nth(1).waitFor();
  const file = fileURLToPath(new URL("../public/icon.svg", import.meta.url));
  await page.getByLabel("Send a file").setInputFiles(file);
  await frames(page, "3c 73 76 67").nth(1).waitFor();
  await say(page, "Does every frame come back?");
  await heard(other, "Does every frame come back?");
  await say(other, "Every one, and in order.");
  await say(other, "The clock beside this says how soon.");
  await heard(page, "The clock beside this says how soon.");
  await say(page, "Sooner than I can read.");
  await heard(page, "Sooner than I can read.");
}
