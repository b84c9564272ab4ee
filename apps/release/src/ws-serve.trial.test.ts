import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { packAll } from "./tarballs.fixture.js";
import { run } from "./workspace.fixture.js";

/** The echo of the README, as its reader writes it. */
const application = `
import type { Application } from "@ws/events";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";

const routes = createRouter([
  websocket("/ws/", async (socket) => {
    await socket.accept();
    for await (const message of socket) {
      if (typeof message === "string") await socket.sendText(message);
      else await socket.sendBytes(message);
    }
  }),
]);

const application: Application = websockets(routes)();
export default application;
`;

let folder = "";
let project = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ws-serve-"));
  const tarballs = await packAll(join(folder, "packed"));
  project = join(folder, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await writeFile(join(project, "app.ts"), application);
  await run("npm", ["install", "--no-audit", "--no-fund", "zod@4", "tsx@4", ...tarballs], project);
}, 300_000);

afterAll(() => rm(folder, { recursive: true }));

/** The path of another Node. */
async function otherNode(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}@${version}`;
  return (await run("npx", ["--yes", "-p", name, "--", "node", "-p", "process.execPath"], folder)).trim();
}

const command = (): string => join(project, "node_modules/.bin/ws-serve");

function start(node: string): { readonly child: ChildProcess; readonly output: () => string } {
  const args = [command(), "app.ts", "--port", "0", "--log", "pretty", "--no-access-log"];
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(WS_|NODE_|VITEST)/.test(name)),
  );
  const child = spawn(node, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return { child, output: () => text };
}

test.each(["20.19", "22.18", "24", "26"])(
  "ws-serve app.ts, installed, serves the echo of the README on Node %s, and prints its address alone",
  async (version) => {
    const { child, output } = start(await otherNode(version));
    await expect.poll(output).toMatch(/Open \S+\n/);
    const [, address = ""] = /Open (\S+)/.exec(output()) ?? [];
    const client = new WebSocket(`${address.replace("http", "ws")}/ws/`);
    await once(client, "open");
    client.send("hello");
    expect(String((await once(client, "message"))[0])).toBe("hello");
    child.kill("SIGTERM");
    const [code] = await once(child, "close");
    expect(code).toBe(0);
    expect(output().trim().split("\n").length).toBeLessThanOrEqual(2);
  },
  180_000,
);

/** What a folder takes, in bytes. */
async function sizeOf(path: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return size;
}

test("@ws/serve brings chokidar and readdirp, and all three take less than half a megabyte", async () => {
  const installed = await Promise.all(
    ["@ws/serve", "chokidar", "readdirp"].map((name) => sizeOf(join(project, "node_modules", name))),
  );
  const size = installed.reduce((sum, each) => sum + each, 0);
  process.stdout.write(`@ws/serve, chokidar, readdirp: ${installed.join(" + ")} = ${size} bytes\n`);
  expect(size).toBeLessThanOrEqual(500_000);
});

test("--help takes at most 40 ms more than Node itself", () => {
  const times = { bare: [] as number[], help: [] as number[] };
  for (let count = 0; count < 15; count += 1) {
    for (const [name, args] of [
      ["bare", ["-e", "0"]],
      ["help", [command(), "--help"]],
    ] as const) {
      const began = performance.now();
      spawnSync(process.execPath, args, { cwd: project });
      times[name].push(performance.now() - began);
    }
  }
  // What else runs on the machine only makes a run longer.
  const [bare, help] = [Math.min(...times.bare), Math.min(...times.help)];
  process.stdout.write(`node -e 0: ${bare.toFixed(0)} ms, --help: ${help.toFixed(0)} ms\n`);
  expect(help - bare).toBeLessThanOrEqual(40);
});
