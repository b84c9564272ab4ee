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

test("Vite serves the page, compiled", async () => {
  assert.match(await (await fetch(`http://${host}/`)).text(), /@vite\/client/);
  const script = await (await fetch(`http://${host}/page.ts`)).text();
  assert.doesNotMatch(script, / as HTMLInputElement/);
});

test("a view answers our WebSockets", async () => {
  const client = new WebSocket(`ws://${host}/live/echo/`);
  await once(client, "open");
  client.send("hello");
  assert.equal(String((await once(client, "message"))[0]), "hello");
  client.close();
  await once(client, "close");
});

test("Vite's own socket, by which it reloads, still works", async () => {
  const script = await (await fetch(`http://${host}/@vite/client`)).text();
  const token = /const wsToken = "([^"]+)"/.exec(script)?.[1] ?? "";
  const client = new WebSocket(`ws://${host}/?token=${token}`, "vite-hmr");
  const [message] = await once(client, "message");
  assert.deepEqual(JSON.parse(String(message)), { type: "connected" });
  client.terminate();
});
