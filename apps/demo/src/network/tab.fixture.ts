import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { findBrowser } from "../browser/find-browser.fixture.js";
import type { World } from "./world.fixture.js";

export const executablePath: string | undefined = findBrowser();

/** The page: a client of the numbers, and what a test wants to know of it. */
const script = `
import { createClient, GapError } from "@ws/client";
const own = { got: [], gaps: [], back: [], sockets: 0, asked: 0, answered: 0, settled: 0 };
class Counted extends WebSocket {
  constructor(...given) { super(...given); own.sockets += 1; own.dialed = performance.now(); }
}
own.start = (options) => {
  const url = location.origin.replace("http", "ws") + "/numbers/";
  const client = createClient(url, { WebSocket: Counted, ...options, retryDelay: () => Math.random() * 40 });
  client.subscribe("numbers", { onMessage: ({ n }) => own.got.push(n), onGap: (gap) => own.gaps.push(gap) });
  let lostAt = 0;
  client.onState(({ phase }) => {
    if (phase === "waiting") lostAt ||= performance.now();
    if (phase !== "open" || !lostAt) return;
    own.back.push(performance.now() - lostAt);
    lostAt = 0;
  });
  own.client = client;
  return client.request("count", { n: 0 });
};
own.ask = (n, name = "count", key = "key-" + n) => {
  own.asked += 1;
  own.client.request(name, { n }, { key, timeout: 60_000 })
    .then((answer) => { if (answer.n === n) own.answered += 1; }, () => {})
    .finally(() => { own.settled += 1; });
};
window.own = own;
`;

/** What a page has seen. */
export interface Seen {
  readonly got: readonly number[];
  readonly gaps: readonly unknown[];
  readonly back: readonly number[];
  readonly sockets: number;
  readonly asked: number;
  readonly answered: number;
  readonly settled: number;
  readonly phase: string;
}

let bundled: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    format: "iife",
    conditions: ["@ws/source"],
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** A tab of a browser of its own, on a page that comes through the world's proxy, as its socket does. */
export class Tab {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(world: World, options: object = {}): Promise<Tab> {
    bundled ??= bundle();
    const browser: Browser = await chromium.launch({
      executablePath: String(executablePath),
      args: ["--no-sandbox", "--disable-gpu"],
      // The cache of whole pages is what some of the tests are about; Playwright switches it off.
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${world.proxy.port}/`);
    await page.addScriptTag({ content: await bundled });
    await page.evaluate(`own.start(${JSON.stringify(options)})`);
    return new Tab(page);
  }

  seen(): Promise<Seen> {
    return this.page.evaluate(
      "({ ...own, client: undefined, start: undefined, ask: undefined, phase: own.client.state.phase })",
    );
  }

  async got(): Promise<readonly number[]> {
    return (await this.seen()).got;
  }

  /** The processes that run the pages of its browser. */
  async renderers(): Promise<number[]> {
    const session = await this.page.context().browser()?.newBrowserCDPSession();
    const { processInfo = [] } = (await session?.send("SystemInfo.getProcessInfo")) ?? {};
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  }

  do(code: string): Promise<unknown> {
    return this.page.evaluate(code);
  }
}
