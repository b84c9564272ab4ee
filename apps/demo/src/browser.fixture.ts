import { type ServeOptions, type Server, serve } from "@ws/server";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { silentApplication } from "./silent-application.fixture.js";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-sync",
];

export function launch(executablePath: string | undefined): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath ?? "", args: flags });
}

/** The demo on a port of the system's choice, silent. */
export function serveDemo(options: ServeOptions = {}): Promise<Server> {
  return serve(silentApplication(), { port: 0, ...options });
}

/** A page, and every complaint of the browser about it: console errors, uncaught errors, violations of its policy. */
export interface Visit {
  readonly page: Page;
  readonly complaints: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function visit(browser: Browser, url: string, options?: BrowserContextOptions): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
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

export async function join(page: Page, name: string, room: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Room", { exact: true }).fill(room);
  await page.getByRole("button", { name: "Join" }).click();
  await state(page, "Chat", `In ${room} as ${name}`);
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message to the room").fill(text);
  await page.getByRole("button", { name: "Say" }).click();
}

/** Waits until the messages of the room hold `text`. */
export async function heard(page: Page, text: string): Promise<void> {
  await page.getByRole("log").getByText(text, { exact: true }).waitFor();
}
