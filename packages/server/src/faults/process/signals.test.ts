import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const program = fileURLToPath(new URL("two-servers.fixture.ts", import.meta.url));
const tsx = import.meta.resolve("tsx");

/** The arguments of `node` that run the program; its slower server takes `drain` ms to end. */
const argumentsFor = (drain: number): readonly string[] => [
  "--import",
  tsx,
  "--conditions=@ws/source",
  program,
  String(drain),
];

const groups: ChildProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const { pid, exitCode } of groups.splice(0)) {
    if (exitCode === null) signal(Number(pid), "SIGKILL");
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** To all of a group, as a terminal does. */
function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // It has ended.
  }
}

interface Started {
  readonly group: number;
  /** The program itself, whoever started it. */
  readonly pid: number;
  readonly lines: string[];
  readonly ended: Promise<unknown[]>;
}

/** A command in a group of its own, once both servers listen. */
async function started(command: string, args: readonly string[], cwd?: string): Promise<Started> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], detached: true, cwd });
  groups.push(child);
  const lines: string[] = [];
  const ended = once(child, "close");
  const pid = await new Promise<number>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      if (line.startsWith("open ")) resolve(Number(line.slice(5)));
    });
  });
  return { group: Number(child.pid), pid, lines, ended };
}

const wholly = ["drained quick", "drained slow", "exit 0"];
const said = ({ lines }: Started): string[] => lines.filter((line) => /^(drained|exit)/.test(line));

test("fault 201: two servers of one process: both drain, then it exits with 0", async () => {
  const running = await started(process.execPath, argumentsFor(300));
  process.kill(running.pid, "SIGTERM");
  expect(await running.ended).toEqual([0, null]);
  expect(said(running)).toEqual(wholly);
});

test("fault 201: three SIGINTs within 40 ms are one", async () => {
  const running = await started(process.execPath, argumentsFor(300));
  for (let count = 0; count < 3; count += 1) {
    process.kill(running.pid, "SIGINT");
    await pause(20);
  }
  expect(await running.ended).toEqual([0, null]);
  expect(said(running)).toEqual(wholly);
});

test("fault 201: a signal more than a second after the first ends it at once with 1", async () => {
  const running = await started(process.execPath, argumentsFor(60_000));
  process.kill(running.pid, "SIGINT");
  await expect.poll(() => said(running)).toEqual(["drained quick"]);
  await pause(1_100);
  process.kill(running.pid, "SIGINT");
  expect(await running.ended).toEqual([1, null]);
  expect(said(running)).toEqual(["drained quick", "exit 1"]);
});

test.each([
  ["npm run", "npm", ["run", "--silent", "start"]],
  ["npx", "npx", ["--no", "-c", "npm run --silent start"]],
])(
  "fault 201: Ctrl-C through %s lets both drain, and the program exits with 0",
  async (_name, command, args) => {
    const folder = await mkdtemp(join(tmpdir(), "signals-"));
    folders.push(folder);
    const start = [process.execPath, ...argumentsFor(300)].map((part) => JSON.stringify(part)).join(" ");
    const manifest = { name: "program", version: "1.0.0", private: true, scripts: { start } };
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    const running = await started(command, args, folder);
    signal(running.group, "SIGINT");
    await running.ended;
    expect(said(running)).toEqual(wholly);
  },
  120_000,
);
