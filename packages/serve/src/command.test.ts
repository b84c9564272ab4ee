import { expect, test } from "vitest";
import { connect, connectMany, echoSource, folderOf, started, write } from "./command.fixture.js";

test("the usual file and export are found, its address is told in one line, each mistake costs one connection or worker, and SIGTERM ends it with 0", async () => {
  const source = echoSource().replace(
    "export default async function application",
    "export async function app",
  );
  const folder = folderOf({ "src/server.js": source, "package.json": '{"type":"module"}' });
  const command = await started([], { folder });
  expect(command.stdout).toMatch(/^Open http:\/\/127\.0\.0\.1:\d+\n$/);
  expect(command.stderr).toBe("");

  // A rejection that nobody awaited ends its connection with 1011 and no other, and is logged with path and stack.
  const [one, other] = await Promise.all([connect(`${command.address}/one/`), connect(command.address)]);
  one.socket.send("reject");
  expect(await one.closed).toEqual({ code: 1011, reason: "" });
  const [worker] = (await other.ask("who")).split(" ");
  await command.said(
    /nobody awaited it: its connection is ended id=\S+ path=\/one\/\n {2}Error: nobody awaited this\n {4,}at .*server\.js:/,
  );

  // An exception that nobody caught drains its worker, which is replaced.
  other.socket.send("throw");
  expect((await other.closed).code).toBe(1012);
  const again = await connect(command.address);
  expect((await again.ask("who")).split(" ")[0]).not.toBe(worker);
  await command.said(/an exception was not caught.*\n {2}Error: nobody caught this/);

  command.signal("SIGTERM");
  expect(await again.closed).toEqual({ code: 1012, reason: "" });
  expect(await command.ended).toBe(0);
});

test("HUP restarts one worker after the other: every client is closed once with 1012, and the new ones serve", async () => {
  const folder = folderOf({ "app.mjs": echoSource("1") });
  const command = await started(["app.mjs", "--workers", "2", "--drain", "200ms"], { folder });
  const clients = await connectMany(20, command.address);
  const before = command.workers;
  write(folder, "app.mjs", echoSource("2"));
  command.signal("SIGHUP");
  const closes = await Promise.all(clients.map(({ closed }) => closed));
  expect(new Set(closes.map(({ code, reason }) => `${code} ${reason}`))).toEqual(new Set(["1012 restart"]));
  await command.said(/restarted/);
  const again = await connectMany(4, command.address);
  for (const client of again) expect(await client.ask("who")).toMatch(/ 2$/);
  expect(command.workers.filter((pid) => before.includes(pid))).toEqual([]);
  expect(await command.end()).toBe(0);
});
