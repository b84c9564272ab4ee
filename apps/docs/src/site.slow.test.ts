import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fromNode, type Server, serve } from "@ws/server";
import { type Browser, chromium, type Page } from "playwright-core";
import sirv from "sirv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pages, root, site } from "./places.js";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
const programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env["BROWSER_PATH"] ?? programs.find((path) => existsSync(path)) ?? "";

/** As `npm run docs` does it, in a process of its own: a runner of tests changes how vite resolves modules. */
async function buildSite(): Promise<void> {
  const { NODE_ENV: _environment, VITEST: _runner, ...env } = process.env;
  const program = ["--import", "tsx", "--conditions=@ws/source", "apps/docs/src/main.ts", "--build-only"];
  await promisify(execFile)(process.execPath, program, { cwd: root, env, maxBuffer: 64 * 1_048_576 });
}

let server: Server;
let browser: Browser;

beforeAll(async () => {
  await buildSite();
  const files = sirv(site, { extensions: ["html"] });
  server = await serve(
    fromNode((request, response) => files(request, response)),
    { port: 0 },
  );
  browser = await chromium.launch({ executablePath, args: flags });
}, 600_000);

afterAll(async () => {
  await browser.close();
  await server.close({ grace: 1_000 });
});

/** A page of the site, and what the browser complains of while it is looked at. */
async function open(path: string, width: number, colorScheme: "light" | "dark"): Promise<[Page, string[]]> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(server.url + path, { waitUntil: "networkidle" });
  return [page, complaints];
}

test("every option of every package has its sentence", async () => {
  const rows = (await readFile(join(pages, "reference/options.md"), "utf8")).match(/^\| <a id=.*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(80);
  expect(rows.filter((row) => /\|\s*<span/.test(row))).toEqual([]);
});

type Look = readonly [width: number, colorScheme: "light" | "dark"];

const looks: readonly Look[] = [
  [360, "light"],
  [1280, "light"],
  [360, "dark"],
  [1280, "dark"],
];

/** Looks at pages one after the other in one window, so that what they share is loaded once. */
async function readAll(paths: readonly string[], look: Look): Promise<void> {
  const [page, complaints] = await open("/", ...look);
  for (const path of paths) {
    await page.goto(server.url + path, { waitUntil: "networkidle" });
    expect(complaints, path).toEqual([]);
    const width = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(width, `${path}: what stands beyond the right edge`).toBeLessThanOrEqual(0);
  }
  await page.context().close();
}

test("the pages are readable on a telephone and on a desk, by day and by night, without a complaint of the browser", async () => {
  const all = await readdir(site, { recursive: true });
  const paths = all
    .filter((path) => path.endsWith(".html") && path !== "404.html")
    .map((path) => `/${path.slice(0, -5)}`);
  expect(paths.length).toBeGreaterThan(50);
  const shown = paths.map((path) => path.replace(/\/?index$/, "/"));
  await Promise.all(
    looks.map((look, lane) =>
      readAll(
        shown.filter((_, index) => index % 4 === lane),
        look,
      ),
    ),
  );
}, 600_000);

test.each(["backpressure", "1012", "heartbeat", "CORS"])("the search finds %s", async (word) => {
  const [page] = await open("/", 1280, "light");
  await page.getByRole("button", { name: "Search" }).first().click();
  await page.locator("#localsearch-input").fill(word);
  await page.locator(".results .result").first().waitFor();
  await page.context().close();
});

test("what a language model reads has the pages in it", async () => {
  const list = await readFile(join(site, "llms.txt"), "utf8");
  expect(list).toMatch(/tutorial\/echo/);
});
