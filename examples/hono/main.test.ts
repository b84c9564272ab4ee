import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { start } from "./main.js";

test("Hono answers requests and a view WebSockets, of one server", async () => {
  const server = await start(0);
  assert.equal(await (await fetch(server.url)).text(), "A page by Hono");
  assert.equal((await fetch(`${server.url}/nowhere`)).status, 404);

  const client = new WebSocket(`${server.url.replace("http", "ws")}/echo/`);
  await once(client, "open");
  client.send("hello");
  assert.equal(String((await once(client, "message"))[0]), "hello");

  const closed = once(client, "close");
  await server.close();
  assert.equal((await closed)[0], 1012);
});
