import { describe, expect, test } from "vitest";
import { allReady, connect, connectMany, echoSource, folderOf, started, write } from "./command.fixture.js";

describe("workers", () => {
  test("a rolling restart stops at the first new one that does not start: old and new serve on, and one line says why", async () => {
    const counting = (limit: number): string => `
      import { existsSync, readdirSync, writeFileSync } from "node:fs";
      writeFileSync(process.pid + ".started", "");
      if (readdirSync(".").filter((name) => name.endsWith(".started")).length > ${limit}) throw new Error("no more");
      ${echoSource("2")}`;
    const folder = folderOf({ "app.mjs": echoSource("1") });
    const command = await started(["app.mjs", "--workers", "4", "--drain", "0"], { folder });
    await allReady(command, 4);
    write(folder, "app.mjs", counting(1));
    command.signal("SIGHUP");
    const [line] = await command.said(/^.*error.*the rolling restart stops.*$/m);
    expect(line).toMatch(/reason=.*Error: no more.*app\.mjs:4:\d+/);
    await expect.poll(() => command.workers.length).toBe(4);
    const clients = await connectMany(16, command.address);
    const versions = await Promise.all(clients.map(async ({ ask }) => (await ask("who")).split(" ")[1]));
    expect(versions.filter((version) => version === "2")).toHaveLength(4);
    expect(versions.filter((version) => version === "1")).toHaveLength(12);
    expect(command.stderr.match(/error/g)).toHaveLength(1);
    expect(await command.end()).toBe(0);
  });

  test("each connection goes to the worker with the fewest; one that was killed is replaced, and nobody waits for it", async () => {
    const command = await started(["app.mjs", "--workers", "3"], {
      folder: folderOf({ "app.mjs": echoSource() }),
    });
    await allReady(command, 3);
    const counts = new Map<string, number>();
    for (let count = 0; count < 30; count += 1) {
      const who = await (await connect(command.address)).ask("who");
      counts.set(who, (counts.get(who) ?? 0) + 1);
    }
    // A request that asked whether they are ready may be counted until its end is told.
    const [least, most] = [Math.min(...counts.values()), Math.max(...counts.values())];
    expect(counts.size).toBe(3);
    expect(most - least).toBeLessThanOrEqual(2);

    const [first] = command.workers;
    process.kill(Number(first), "SIGKILL");
    const clients = await connectMany(20, command.address);
    for (const client of clients) expect(await client.ask("hello")).toBe("hello");
    await command.said(/a worker has ended, and another is started/);
    await expect.poll(() => command.workers.length).toBe(3);
    expect(await command.end()).toBe(0);
  });

  test("TTIN starts one more, TTOU ends one; what HUP can't change is told: another number of workers needs a new start", async () => {
    const folder = folderOf({ "app.mjs": echoSource(), "ws.config.json": '{"drain":0,"backlog":100}' });
    const command = await started(["app.mjs"], { folder });
    command.signal("SIGTTIN");
    await expect.poll(() => command.workers.length).toBe(2);
    await command.said(/the number of workers has changed workers=2/);
    command.signal("SIGTTOU");
    await expect.poll(() => command.workers.length).toBe(1);
    command.signal("SIGTTOU");
    await command.said(/(workers=1[\s\S]*){2}/);
    expect(command.workers).toHaveLength(1);
    expect(await (await connect(command.address)).ask("hello")).toBe("hello");

    write(folder, "ws.config.json", '{"drain":0,"workers":2}');
    command.signal("SIGHUP");
    await command.said(/these options change only with a new start options=workers/);
    await command.said(/restarted/);
    expect(await command.end()).toBe(0);
  });
});
