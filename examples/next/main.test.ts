import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { start } from "./main.js";

test("in development: the page, our echo, and Next's own socket on one port", async () => {
  const { server, close } = await start(0, true);
  const { port } = server.address() as { port: number };
  assert.match(await (await fetch(`http://127.0.0.1:${port}/`)).text(), /A page by Next\.js/);

  const client = new WebSocket(`ws://127.0.0.1:${port}/live/echo/`);
  await once(client, "open");
  client.send("hello");
  assert.equal(String((await once(client, "message"))[0]), "hello");

  const reload = new WebSocket(`ws://127.0.0.1:${port}/_next/hmr?id=1`);
  const [message] = await once(reload, "message");
  assert.ok(String(message).length > 0);
  reload.terminate();

  const closed = once(client, "close");
  await close();
  assert.equal((await closed)[0], 1012);
});
