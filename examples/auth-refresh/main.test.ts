import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import type { Server } from "@ws/server";
import { WebSocket } from "ws";
import { signIn, signOut, start } from "./main.js";

let server: Server;
before(async () => {
  server = await start(0, 2);
});
after(() => server.close());

async function access(refresh: string): Promise<string> {
  const response = await fetch(`${server.url}/token`, { method: "POST", body: refresh });
  assert.equal(response.status, 200);
  return await response.text();
}

function connect(token: string): WebSocket {
  return new WebSocket(`${server.url.replace("http", "ws")}/private/`, [`bearer.${token}`, "chat"]);
}

test("a socket ends with its token, and a new token opens the next one", async () => {
  const refresh = signIn("ann");
  const first = connect(await access(refresh));
  assert.equal(String((await once(first, "message"))[0]), "Hello ann");
  assert.equal(first.protocol, "chat");
  const [code, reason] = await once(first, "close");
  assert.deepEqual([code, String(reason)], [1008, "token expired"]);

  const second = connect(await access(refresh));
  assert.equal(String((await once(second, "message"))[0]), "Hello ann");
  second.terminate();
});

test("signing out closes the sockets that are open, and lets nobody in again", async () => {
  const refresh = signIn("bob");
  const token = await access(refresh);
  const socket = connect(token);
  await once(socket, "message");
  signOut("bob");
  const [code, reason] = await once(socket, "close");
  assert.deepEqual([code, String(reason)], [1008, "session revoked"]);
  assert.match(String((await once(connect(token), "error"))[0]), /401/);
  assert.equal((await fetch(`${server.url}/token`, { method: "POST", body: refresh })).status, 401);
});

test("nobody is refused", async () => {
  assert.match(String((await once(connect("guess"), "error"))[0]), /401/);
});
