import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { start } from "./main.js";

let running: Awaited<ReturnType<typeof start>>;
let host = "";

before(async () => {
  running = await start(0);
  host = `127.0.0.1:${(running.server.address() as AddressInfo).port}`;
});
after(() => running.close());

test("Express answers requests", async () => {
  assert.equal(await (await fetch(`http://${host}/`)).text(), "A page by Express");
});

test("a view answers WebSockets", async () => {
  const client = new WebSocket(`ws://${host}/live/echo/`);
  await once(client, "open");
  client.send("hello");
  assert.equal(String((await once(client, "message"))[0]), "hello");
  client.close();
  await once(client, "close");
});

test("a WebSocket that nobody serves is answered within a second", async () => {
  const asked = performance.now();
  const client = new WebSocket(`ws://${host}/nowhere/`);
  const [error] = await once(client, "error");
  assert.match(String(error), /404/);
  assert.ok(performance.now() - asked < 5_000); // a busy machine is given room
});

test("the end closes sockets with 1012", async () => {
  const other = await start(0);
  const client = new WebSocket(`ws://127.0.0.1:${(other.server.address() as AddressInfo).port}/live/echo/`);
  await once(client, "open");
  const closed = once(client, "close");
  await other.close();
  assert.equal((await closed)[0], 1012);
});
