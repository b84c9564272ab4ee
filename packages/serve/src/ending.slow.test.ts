import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { childrenOf, connect, connectMany, echoSource, folderOf, started } from "./command.fixture.js";

const files = { "app.mjs": echoSource() };

async function status(address: string, path: string): Promise<number> {
  return (await fetch(`${address}${path}`)).status;
}

test("--shutdown-delay: ready is 503 from the signal on, live stays 200, and sockets are still accepted", async () => {
  const command = await started(
    ["app.mjs", "--shutdown-delay", "2s", "--health", "/health", "--drain", "0"],
    {
      folder: folderOf(files),
    },
  );
  const { address } = command;
  expect([await status(address, "/health/live"), await status(address, "/health/ready")]).toEqual([200, 200]);
  const client = await connect(address);
  command.signal("SIGTERM");
  await expect.poll(() => status(address, "/health/ready")).toBe(503);
  expect(await status(address, "/health/live")).toBe(200);
  expect(await (await connect(address)).ask("hello")).toBe("hello");
  expect((await client.closed).code).toBe(1012);
  expect(await command.ended).toBe(0);
});

const canUnshare = spawnSync("unshare", ["--pid", "--fork", "--kill-child", "true"]).status === 0;

test.runIf(canUnshare)(
  "as process 1 it closes 200 sockets with 1012 within 9 s at the defaults, and ends with 0",
  async () => {
    const before = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const command = await started(["app.mjs"], { folder: folderOf(files), before });
    const clients = await connectMany(200, command.address);
    const [first] = childrenOf(Number(command.process.pid));
    expect(readFileSync(`/proc/${first}/status`, "latin1")).toMatch(/^NSpid:\t\d+\t1$/m);
    process.kill(Number(first), "SIGTERM");
    const closes = await Promise.all(clients.map(({ closed }) => closed));
    expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1012]));
    expect(await command.ended).toBe(0);
  },
);

test("a worker whose application never ends its shutdown is killed, and the exit code is 1", async () => {
  const stubborn = `
    export default async (scope, receive, send) => {
      await receive();
      await send({ type: "lifespan.startup.complete" });
      await receive();
      for (;;);
    };`;
  const command = await started(["app.mjs", "--drain", "0", "--grace", "100ms"], {
    folder: folderOf({ "app.mjs": stubborn }),
  });
  command.signal("SIGTERM");
  expect(await command.ended).toBe(1);
});
