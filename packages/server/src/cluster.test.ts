import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";

const program = fileURLToPath(new URL("../reports/cluster.fixture.mjs", import.meta.url));

test("a worker of node:cluster closes its connections with 1012 though its channel is gone, and its close resolves", async () => {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  await expect.poll(() => output).toMatch(/^http:\S+\n/);
  const client = new WebSocket(output.trim().replace("http", "ws"));
  await once(client, "open");
  const closed = once(client, "close");
  child.stdin.write("\n");
  expect((await closed)[0]).toBe(1012);
  await expect.poll(() => output).toMatch(/\nclosed\n$/);
});
