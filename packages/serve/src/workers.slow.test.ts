import { expect, test } from "vitest";
import { allReady, connect, echoSource, folderOf, started } from "./command.fixture.js";

test("a worker whose event loop hangs is killed and replaced, while the others serve", async () => {
  const command = await started(["app.mjs", "--workers", "2", "--healthcheck-timeout", "1s"], {
    folder: folderOf({ "app.mjs": echoSource() }),
  });
  await allReady(command, 2);
  const client = await connect(command.address);
  client.socket.send("hang");
  await command.said(/a worker's event loop hangs: it is killed/);
  expect((await client.closed).code).toBe(1006);
  expect(await (await connect(command.address)).ask("hello")).toBe("hello");
  await expect.poll(() => command.workers.length).toBe(2);
  expect(await command.end()).toBe(0);
});

test("a worker that takes more memory than it may is replaced, and its clients get 1012", async () => {
  const hungry = echoSource().replace(
    'if (text === "hang")',
    'if (text === "eat") globalThis.eaten = Buffer.alloc(400_000_000, 1);\n    if (text === "hang")',
  );
  const command = await started(
    ["app.mjs", "--max-rss", "350MiB", "--healthcheck-timeout", "4s", "--drain", "0"],
    {
      folder: folderOf({ "app.mjs": hungry }),
    },
  );
  const client = await connect(command.address);
  client.socket.send("eat");
  expect(await client.closed).toEqual({ code: 1012, reason: "restart" });
  await command.said(/a worker takes too much memory and is replaced/);
  expect(await (await connect(command.address)).ask("hello")).toBe("hello");
  expect(await command.end()).toBe(0);
});
