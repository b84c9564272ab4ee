import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { connect, connectMany, echoSource, folderOf, isAlive, started } from "./command.fixture.js";

const files = { "app.mjs": echoSource() };

describe("the end", () => {
  test("a second SIGINT ends at once with 1 and leaves no process; one within a second is the first one again", async () => {
    const command = await started(["app.mjs", "--workers", "2", "--drain", "60s"], {
      folder: folderOf(files),
    });
    await connectMany(4, command.address);
    const { workers } = command;
    command.signal("SIGINT");
    command.signal("SIGINT");
    // It is draining: nobody can connect any more.
    await expect.poll(() => connect(command.address).catch(() => "refused")).toBe("refused");
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(command.process.exitCode).toBeNull();
    command.signal("SIGINT");
    expect(await command.ended).toBe(1);
    await expect.poll(() => workers.filter(isAlive)).toEqual([]);
  });

  test("workers whose parent was killed drain and end", async () => {
    const command = await started(["app.mjs", "--workers", "2", "--drain", "0", "--grace", "1s"], {
      folder: folderOf(files),
    });
    const client = await connect(command.address);
    const { workers } = command;
    expect(workers).toHaveLength(2);
    command.signal("SIGKILL");
    expect((await client.closed).code).toBe(1012);
    await expect.poll(() => workers.filter(isAlive)).toEqual([]);
  });

  test("npm start with exec: the pid file names the process that takes signals and goes with it, and connections are closed", async () => {
    const folder = folderOf(files);
    const command = await started(["app.mjs", "--pid-file", "ws.pid", "--drain", "0"], {
      folder,
      before: ["sh", "-c", 'exec "$0" "$@"'],
    });
    const file = join(folder, "ws.pid");
    expect(readFileSync(file, "utf8")).toBe(`${command.process.pid}\n`);
    const client = await connect(command.address);
    command.signal("SIGTERM");
    expect((await client.closed).code).toBe(1012);
    expect(await command.ended).toBe(0);
    expect(existsSync(file)).toBe(false);
  });
});

test("the standard output that nobody reads any more ends nothing", async () => {
  const command = await started(["app.mjs"], { folder: folderOf(files) });
  command.process.stdout?.destroy();
  command.process.stderr?.destroy();
  const client = await connect(command.address);
  client.socket.send("reject");
  expect((await client.closed).code).toBe(1011);
  expect(await (await connect(command.address)).ask("hello")).toBe("hello");
  command.signal("SIGTERM");
  const [code] = await once(command.process, "exit");
  expect(code).toBe(0);
});
