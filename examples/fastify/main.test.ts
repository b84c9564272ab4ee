import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { build } from "./main.js";

test("Fastify answers requests, a view WebSockets, and one close ends both", async () => {
  const app = build();
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  assert.equal(await (await fetch(url)).text(), "A page by Fastify");

  const client = new WebSocket(`${url.replace("http", "ws")}/live/echo/`);
  await once(client, "open");
  client.send("hello");
  assert.equal(String((await once(client, "message"))[0]), "hello");

  const closed = once(client, "close");
  await app.close();
  assert.equal((await closed)[0], 1012);
});

test("a WebSocket that nobody serves is answered", async () => {
  const app = build();
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const [error] = await once(new WebSocket(`${url.replace("http", "ws")}/nowhere/`), "error");
  assert.match(String(error), /404/);
  await app.close();
});
