import { symlinkSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Command,
  connect,
  connectMany,
  echoSource,
  folderOf,
  isAlive,
  started,
  write,
} from "./command.fixture.js";

const args = ["app.mjs", "--reload"];

/** Waits until a new application answers. */
async function answered(command: Command & { readonly address: string }, version: string): Promise<void> {
  await expect
    .poll(async () => (await connect(command.address)).ask("who"))
    .toMatch(new RegExp(` ${version}$`));
}

describe("--reload", () => {
  test("a save is served by a new process, and clients of the old one get 1012 reload; one that does not parse leaves the old one serving; nobody who connects sees an error", async () => {
    const folder = folderOf({ "app.mjs": echoSource("1") });
    const command = await started(args, { folder });
    let isOver = false;
    let answers = 0;
    const loop = (async () => {
      while (!isOver) {
        const client = await connect(command.address);
        client.socket.terminate();
        answers += 1;
      }
    })();
    const client = await connect(command.address);
    const [worker] = command.workers;
    write(folder, "app.mjs", echoSource("2"));
    expect(await client.closed).toEqual({ code: 1012, reason: "reload" });
    await answered(command, "2");
    await command.said(/reloaded, as app\.mjs has changed/);
    await expect.poll(() => isAlive(Number(worker))).toBe(false);

    const second = await connect(command.address);
    write(folder, "app.mjs", "export default (");
    await command.said(
      /app\.mjs has changed, and the new application did not start; the old one serves on\n.*app\.mjs:1\n/,
    );
    expect(await second.ask("who")).toMatch(/ 2$/);
    expect(await (await connect(command.address)).ask("who")).toMatch(/ 2$/);
    write(folder, "app.mjs", echoSource("3"));
    expect(await second.closed).toEqual({ code: 1012, reason: "reload" });
    await answered(command, "3");

    isOver = true;
    await loop;
    expect(answers).toBeGreaterThan(0);
    await expect.poll(() => command.workers.length).toBe(1);
    expect(await command.end()).toBe(0);
  });

  test("views that ignore their end do not hold up a reload, and their process is ended all the same", async () => {
    const deaf = `
      export default async (scope, receive, send) => {
        if (scope.type !== "websocket") throw new TypeError("no lifespan");
        await send({ type: "websocket.accept" });
        await send({ type: "websocket.send", text: "VERSION" });
        await new Promise(() => {});
      };`;
    const folder = folderOf({ "app.mjs": deaf.replace("VERSION", "1") });
    const command = await started(args, { folder });
    const clients = await connectMany(100, command.address);
    const [worker] = command.workers;
    write(folder, "app.mjs", echoSource("2"));
    const closes = await Promise.all(clients.map(({ closed }) => closed));
    expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1012]));
    await command.said(/reloaded/);
    await expect.poll(() => isAlive(Number(worker))).toBe(false);
    expect(await command.end()).toBe(0);
  });

  test("old-first ends the old one first, and sockets that come meanwhile wait", async () => {
    const folder = folderOf({ "app.mjs": echoSource("1") });
    const command = await started([...args, "--reload-order", "old-first"], { folder });
    const client = await connect(command.address);
    write(folder, "app.mjs", `await new Promise((resolve) => setTimeout(resolve, 300));${echoSource("2")}`);
    expect((await client.closed).code).toBe(1012);
    await connect(command.address);
    await answered(command, "2");
    write(folder, "app.mjs", "throw new Error('not yet')");
    await command.said(/did not start\n/);
    const waiting = connect(command.address);
    write(folder, "app.mjs", echoSource("3"));
    expect(await (await waiting).ask("who")).toMatch(/ 3$/);
    expect(await command.end()).toBe(0);
  });

  test("a sibling of the workspace, .env and what --reload-include names reload; what is installed, built, hidden or an editor's does not", async () => {
    const folder = folderOf({
      "app/app.mjs": `import { text } from "sibling";\nexport { text };\n${echoSource("1")}`,
      "app/package.json": '{"name":"app","dependencies":{"sibling":"workspace:^","installed":"1"}}',
      "sibling/package.json": '{"name":"sibling","type":"module","exports":"./index.js"}',
      "sibling/index.js": "export const text = 1;",
      "app/node_modules/installed/package.json": '{"name":"installed"}',
      "app/node_modules/installed/index.js": "",
      "app/dist/app.js": "",
      "app/.git/config.json": "",
      "app/query.sql": "",
      "app/notes.txt": "",
      "app/generated/a.ts": "",
      "app/.env": "",
    });
    symlinkSync("../../sibling", join(folder, "app/node_modules/sibling"));
    const options = ["--reload-include", "*.sql", "--reload-exclude", "generated/**"];
    const command = await started([...args, ...options], { folder: join(folder, "app") });
    const none = [
      "app/node_modules/installed/index.js",
      "app/dist/app.js",
      "app/.git/config.json",
      "app/notes.txt",
      "app/generated/a.ts",
      "app/.app.mjs.swp",
      "app/.#app.mjs",
      "app/app.mjs~",
      "app/4913",
    ];
    for (const name of none) write(folder, name, "changed");
    let count = 0;
    for (const [name, shown] of [
      ["sibling/index.js", "../sibling/index.js"],
      ["app/.env", ".env"],
      ["app/query.sql", "query.sql"],
      ["app/new.ts", "new.ts"],
    ] as const) {
      write(folder, name, name.endsWith("index.js") ? "export const text = 2;" : "A=1");
      count += 1;
      const [all] = await command.said(
        new RegExp(`(?:[\\s\\S]*reloaded, as ){${count}}${shown.replaceAll(".", "\\.")} has changed`),
      );
      expect(all.match(/reloaded/g)).toHaveLength(count);
    }
    // An editor that writes a new file and renames it.
    write(folder, "app/app.mjs.tmp", echoSource("2"));
    await rename(join(folder, "app/app.mjs.tmp"), join(folder, "app/app.mjs"));
    await command.said(/reloaded, as app\.mjs has changed/);
    expect(await command.end()).toBe(0);
  });
});
