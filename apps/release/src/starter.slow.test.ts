import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { packAll, tarballOf } from "./tarballs.fixture.js";
import { manifestOf, packageNames, run } from "./workspace.fixture.js";

let folder = "";
let starter = "";
let tarballs: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ws-starter-"));
  const packed = join(folder, "packed");
  await packAll(packed);
  starter = await tarballOf(packed, "create-ws-app");
  const others = packageNames.filter((name) => name !== "create-ws-app");
  tarballs = await Promise.all(others.map((name) => tarballOf(packed, name)));
}, 300_000);

afterAll(() => rm(folder, { recursive: true }));

/** Starts an application as its README says; gives its address. It is ended with the test. */
async function runDev(app: string): Promise<string> {
  // A group of its own: npm does not hand on signals to what it has started.
  const child = spawn("npm", ["run", "dev"], {
    cwd: app,
    env: { ...process.env, WS_PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const closed = once(child, "close");
  onTestFinished(async () => {
    if (child.exitCode === null) process.kill(-Number(child.pid), "SIGTERM");
    await closed;
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  await expect.poll(() => output).toMatch(/http:\/\/\S+/);
  return String(/http:\/\/[\w.:]+/.exec(output)?.[0]);
}

/** The first message that comes when these are sent. */
async function ask(url: string, protocols: string[], message: string): Promise<string> {
  const client = new WebSocket(url, protocols);
  const messages: string[] = [];
  client.on("message", (data) => messages.push(String(data)));
  await once(client, "open");
  client.send(message);
  await expect.poll(() => messages.join("\n")).toMatch(/said|"id":1/);
  client.close();
  await once(client, "close");
  return messages.join("\n");
}

test.each([
  { template: "chat", flags: [], page: /<h1>A chat/, path: "/chat/lobby/" },
  { template: "echo", flags: ["--template", "echo"], page: /<h1>An echo/, path: "/echo/" },
])(
  "npm create ws-app: $template is made from the tarball, installs, passes its tests, starts and answers",
  async ({ template, flags, page, path }) => {
    const app = join(folder, `my-${template}`);
    const said = await run(
      "npx",
      ["--yes", "--package", starter, "create-ws-app", `my-${template}`, ...flags],
      folder,
    );
    expect(said).toMatch(`from the template ${template}.`);
    await access(join(app, ".gitignore"));
    const { name, dependencies } = JSON.parse(await readFile(join(app, "package.json"), "utf8"));
    const { version } = await manifestOf("server");
    expect([name, dependencies["@ws/server"]]).toEqual([`my-${template}`, `^${version}`]);

    // The line that `npm run pack` prints, for packages that no registry has yet.
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs], app);
    await run("npm", ["run", "typecheck"], app);
    expect(await run("npm", ["test"], app)).toMatch(/^(?:#|ℹ) pass [1-9]/m);

    const url = await runDev(app);
    expect(await (await fetch(url)).text()).toMatch(page);
    const call = { jsonrpc: "2.0", id: 1, method: "say", params: { from: "ann", text: "hello" } };
    const answer = await ask(
      url.replace("http", "ws") + path,
      template === "chat" ? ["jsonrpc.topics.v1"] : [],
      template === "chat" ? JSON.stringify(call) : "hello",
    );
    expect(answer).toMatch(template === "chat" ? /"id":1,"result"/ : /^You said: hello$/);
  },
  600_000,
);

test("npm create ws-app: a name that is none ends it with 1, and nothing is there", async () => {
  const before = await readdir(folder);
  await expect(
    run("npx", ["--yes", "--package", starter, "create-ws-app", "My App"], folder),
  ).rejects.toThrow(/such as my-app\.\nNothing was written\./);
  expect(await readdir(folder)).toEqual(before);
});
