import { existsSync } from "node:fs";
import { createBroadcast, memory } from "@ws/broadcast";
import { channel } from "@ws/contract";
import { websockets } from "@ws/middleware";
import { createRouter } from "@ws/router";
import { fromFetch, serve } from "@ws/server";
import { implement } from "@ws/service";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env["BROWSER_PATH"] || places.find((path) => existsSync(path));
if (executablePath === undefined && process.env["CI"]) throw new Error("expected a browser, got none");

const said = z.object({ text: z.string() });
const chat = channel("/chat/", { topics: { said } });

/** The page: a component in StrictMode, and the client for the test to look at. */
const script = `
import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createClient } from "@ws/client";
import { useConnection, useTopic } from "./index.js";
let sockets = 0;
class Counted extends WebSocket {
  constructor(...given) { super(...given); sockets += 1; window.last = this; }
}
const client = createClient(location.origin.replace("http", "ws") + "/chat/", { WebSocket: Counted, retryDelay: () => 10 });
function Chat() {
  const { phase } = useConnection(client);
  const texts = useTopic(client, "said", { initial: [], reduce: (all, { text }) => [...all, text], onGap: (all) => [...all, "gap"] });
  return phase + " " + sockets + " " + texts.join(",");
}
createRoot(document.querySelector("main")).render(createElement(StrictMode, null, createElement(Chat)));
`;

describe.runIf(executablePath)("in Chromium", () => {
  test("StrictMode mounts twice over one socket, and each message is shown once, over a lost connection too", async () => {
    const bundle = await build({
      stdin: { contents: script, resolveDir: "src", loader: "js" },
      bundle: true,
      format: "esm",
      conditions: ["@ws/source"],
      // React's own development build is the one that mounts twice.
      define: { "process.env.NODE_ENV": '"development"' },
      write: false,
    });
    const code = bundle.outputFiles[0]?.text ?? "";
    const broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("said", said, { history: { size: 100, ttl: 60_000 } });
    const view = implement(chat, { topics: { said: () => topic } });
    const page = fromFetch(({ url }) => {
      const isScript = new URL(url).pathname === "/app.js";
      const body = isScript
        ? code
        : '<!doctype html><main></main><script type="module" src="app.js"></script>';
      return new Response(body, { headers: { "content-type": isScript ? "text/javascript" : "text/html" } });
    });
    const server = await serve(websockets(createRouter([view]))(page), { port: 0, logger: false });
    onTestFinished(() => server.close({ grace: 1_000 }));
    const browser = await chromium.launch({ executablePath: String(executablePath), args: ["--no-sandbox"] });
    onTestFinished(() => browser.close());
    const tab = await browser.newPage();
    await tab.goto(server.url);
    const main = tab.locator("main");
    const shows = (text: string): Promise<void> => main.filter({ hasText: text }).waitFor();
    await shows("open 1");
    await expect
      .poll(async () => {
        await topic.publish({ text: "a" });
        return main.textContent();
      })
      .toContain("a");
    const before = String(await main.textContent());
    await tab.evaluate("window.last.close()");
    await topic.publish({ text: "b" });
    await shows(`open 2 ${before.slice("open 1 ".length)},b`);
    expect(await main.textContent()).not.toContain("gap");
  });
});
