import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connect, echoSource, folderOf, started } from "./command.fixture.js";
import { readFlags } from "./options/flags.js";

function material(name: string): string {
  return readFileSync(new URL(`../../../examples/deploy/${name}`, import.meta.url), "utf8");
}

const path = `${process.env["PATH"]}:/usr/sbin`;

function has(program: string): boolean {
  return spawnSync(program, ["--version"], { env: { PATH: path } }).error === undefined;
}

/** The arguments behind `ws-serve` in a file. */
function commandIn(text: string, pattern: RegExp): readonly string[] {
  const [, args = ""] = pattern.exec(text) ?? [];
  return args.split(/[\s",]+/).filter((part) => part !== "" && part !== "-");
}

test.each([
  ["Dockerfile", /ws-serve",([^\]]*)\]/],
  ["app.service", /ws-serve (.*)/],
  ["nginx.conf", /ws-serve (.*)/],
])("the command of %s has flags that there are", (name, pattern) => {
  const args = commandIn(material(name), pattern);
  expect(readFlags(args).target).toBe("dist/app.js");
});

test("the command of kubernetes.yaml has flags that there are, and the pod has the time that they take", () => {
  const text = material("kubernetes.yaml");
  const args = [...text.matchAll(/^ {12}- (\S+)$/gm)].map(([, arg]) => String(arg)).slice(1);
  const { values, target } = readFlags(args);
  expect(target).toBe("dist/app.js");
  const [, seconds = 0] = /terminationGracePeriodSeconds: (\d+)/.exec(text) ?? [];
  const grace = 2_000;
  const longest = Number(values.get("shutdownDelay")) + Number(values.get("drain")) + 2 * grace;
  expect(Number(seconds) * 1_000).toBeGreaterThan(longest);
});

test.runIf(has("systemd-analyze"))("the units for systemd are right", () => {
  const folder = folderOf({
    // What is not installed here can't be verified.
    "app.service": material("app.service").replace(/\/srv\/app\/node_modules\/.bin\/ws-serve/, "/bin/sleep"),
    "app.socket": material("app.socket"),
  });
  const units = ["app.service", "app.socket"].map((name) => join(folder, name));
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...units], {
    encoding: "utf8",
  });
  expect([status, stderr.split("\n").filter((line) => line.includes(folder))]).toEqual([0, []]);
});

test("systemd is told when the service is ready, reloads and stops, by the program that comes with it", async () => {
  // In its place one that writes down what it is told.
  const folder = folderOf({
    "app.mjs": echoSource(),
    "bin/systemd-notify": '#!/bin/sh\necho "$@" >> "$NOTIFY_SOCKET"\n',
  });
  chmodSync(join(folder, "bin/systemd-notify"), 0o755);
  const told = join(folder, "told.txt");
  const command = await started(["app.mjs", "--drain", "0"], {
    folder,
    env: { NOTIFY_SOCKET: told, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` },
  });
  const lines = (): string[] => readFileSync(told, { encoding: "utf8", flag: "a+" }).trim().split("\n");
  const pid = `--pid=${command.process.pid}`;
  await expect.poll(lines).toEqual([`${pid} READY=1`]);
  command.signal("SIGHUP");
  await expect.poll(() => lines().slice(1)).toEqual([`${pid} RELOADING=1`, `${pid} READY=1`]);
  expect(await command.end()).toBe(0);
  await expect.poll(() => lines().at(-1)).toBe(`${pid} STOPPING=1`);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

test.runIf(has("nginx"))("the configuration of nginx serves an application on a unix socket", async () => {
  const folder = folderOf({ "app.mjs": echoSource() });
  const socket = join(folder, "ws.sock");
  const command = await started(
    ["app.mjs", "--unix", socket, "--unix-mode", "666", "--trusted-proxies", "unix"],
    {
      folder,
    },
  );
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const configuration = material("nginx.conf")
    .replaceAll("/run/app/ws.sock", socket)
    .replace("listen 80;", `listen 127.0.0.1:${port};`)
    .replace("http {", `http {\n${temporary.join("\n")}\naccess_log off;`);
  // Started by root, its workers would be another user's, and not get at the socket.
  const user = process.getuid?.() === 0 ? " user root;" : "";
  const file = join(folderOf({ "nginx.conf": configuration }), "nginx.conf");
  const flags = [
    "-c",
    file,
    "-p",
    folder,
    "-e",
    "stderr",
    "-g",
    `daemon off; pid ${join(folder, "nginx.pid")};${user}`,
  ];
  const nginx: ChildProcess = spawn("nginx", flags, {
    env: { PATH: path },
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void nginx.kill("SIGTERM"));
  const address = `http://127.0.0.1:${port}`;
  await expect
    .poll(() =>
      connect(address).then(
        () => "open",
        () => "not yet",
      ),
    )
    .toBe("open");
  const client = await connect(address);
  expect(await client.ask("hello")).toBe("hello");
  command.signal("SIGTERM");
  expect((await client.closed).code).toBe(1012);
  expect(await command.ended).toBe(0);
});
