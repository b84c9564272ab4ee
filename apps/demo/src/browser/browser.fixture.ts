import { fileURLToPath } from "node:url";
import { type ServeOptions, type Server, serve } from "@ws/server";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { silentApplication } from "../silent-application.fixture.js";
import { findBrowser } from "./find-browser.fixture.js";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-sync",
];

/** The demo on a port of the system's choice, silent. */
export function serveDemo(options: ServeOptions = {}): Promise<Server> {
  return serve(silentApplication(), { port: 0, ...options });
}

/** What all tests share. */
export interface Stage {
  readonly browser: Browser;
  readonly server: Server;
  /** A visit whose page is wide, whose echo is open, and which tests leave as they found it. */
  shared(): Promise<Visit>;
}

/** Registers tests, by their titles, that share one browser and one demo; where there is no browser, they are left out. */
export function describeInBrowser(suites: Readonly<Record<string, (stage: Stage) => void>>): void {
  const executablePath = findBrowser();
  describe.runIf(executablePath)("in a browser", () => {
    let browser: Browser;
    let server: Server;
    let visiting: Promise<Visit> | undefined;
    beforeAll(async () => {
      const launching = chromium.launch({ executablePath: executablePath ?? "", args: flags });
      [browser, server] = await Promise.all([launching, serveDemo()]);
    });
    afterAll(async () => {
      const complaints = (await visiting)?.complaints ?? [];
      await browser.close();
      await server.close({ grace: 1_000 });
      expect(complaints).toEqual([]);
    });
    const stage: Stage = {
      get browser() {
        return browser;
      },
      get server() {
        return server;
      },
      shared() {
        visiting ??= visit(browser, server.url);
        return visiting;
      },
    };
    for (const [title, tests] of Object.entries(suites)) describe(title, () => tests(stage));
  });
}

/** A page, and every complaint of the browser about it: console errors, uncaught errors, violations of its policy. */
export interface Visit {
  readonly page: Page;
  readonly complaints: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens the page, with a clock that a test can stop where `hasClock` says so. */
export async function visit(
  browser: Browser,
  url: string,
  { hasClock, ...options }: BrowserContextOptions & { readonly hasClock?: boolean } = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  if (hasClock) await page.clock.install();
  await page.goto(url);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Waits until the state line of a panel says `text`. */
export async function state(page: Page, panel: "Echo" | "Chat", text: string | RegExp): Promise<void> {
  await page.getByRole("region", { name: panel }).getByRole("status").filter({ hasText: text }).waitFor();
}

/** The frames that hold `content`, newest first. */
export function frames(page: Page, content: string): Locator {
  return page.getByRole("row").filter({ hasText: content });
}

/** Asks for a seat. */
export async function askToJoin(page: Page, name: string, room: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Room", { exact: true }).fill(room);
  await page.getByRole("button", { name: "Join" }).click();
}

export async function join(page: Page, name: string, room: string): Promise<void> {
  await askToJoin(page, name, room);
  await state(page, "Chat", `In ${room} as ${name}`);
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message to the room").fill(text);
  await page.getByRole("button", { name: "Say" }).click();
}

/** Waits until the messages of the room hold `text`. */
export async function heard(page: Page, text: string | RegExp): Promise<void> {
  await page.getByRole("log").getByText(text, { exact: true }).waitFor();
}

/** Four pictures in `reports/`: narrow and wide, in light and in dark colours. The page is wide again then. */
export async function takePictures(page: Page, name: string): Promise<void> {
  for (const [size, width, height] of [
    ["narrow", 390, 844],
    ["wide", 1280, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const path = fileURLToPath(
        new URL(`../../reports/${name}-${size}-${colorScheme}.png`, import.meta.url),
      );
      await page.screenshot({ path, fullPage: true });
    }
  }
}
