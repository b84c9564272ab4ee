import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";

test("a page, an echo of 1 MiB, and 1012 at the end", async () => {
  const env = { ...process.env, PORT: "0" };
  const program = spawn("npm", ["start", "--silent"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(program, "exit");
  const [line] = await once(program.stdout, "data");
  const url = /http:\S+/.exec(String(line))?.[0] ?? "";
  assert.equal(await (await fetch(url)).text(), "A page");

  const client = new WebSocket(`${url.replace("http", "ws")}/echo/`);
  await once(client, "open");
  for (const text of ["hello", "x".repeat(1_048_576)]) {
    client.send(text);
    assert.equal(String((await once(client, "message"))[0]), text);
  }
  const closed = once(client, "close");
  program.kill("SIGTERM");
  assert.equal((await closed)[0], 1012);
  await ended;
});
