import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { start } from "./main.js";

test("controllers and views use one service, and one close ends both", async () => {
  const app = await start(0);
  const url = await app.getUrl();
  assert.equal(await (await fetch(url)).text(), "Hello page");

  const client = new WebSocket(`${url.replace("http", "ws")}/live/ann/`);
  assert.equal(String((await once(client, "message"))[0]), "Hello ann");
  client.send("again");
  assert.equal(String((await once(client, "message"))[0]), "Hello again");

  const closed = once(client, "close");
  await app.close();
  assert.equal((await closed)[0], 1012);
});
