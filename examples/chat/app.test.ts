import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@ws/client";
import { serve } from "@ws/server";
import { start } from "@ws/testing";
import application from "./app.ts";
import type { chat } from "./contract.ts";

test("what one says in a room, both hear, and nobody in another room", async () => {
  await using server = await start(application);
  const { WebSocket } = server; // leads to the application without a port
  await using ann = createClient<typeof chat>("ws://test/chat/lobby/", { WebSocket });
  await using bob = createClient<typeof chat>("ws://test/chat/lobby/", { WebSocket });
  await using eve = createClient<typeof chat>("ws://test/chat/kitchen/", { WebSocket });
  const heard = [ann, bob, eve].map((client) => client.subscribe("said"));
  await Promise.all(heard.map((subscription) => subscription.joined));

  await ann.request("say", { from: "ann", text: "hello" });
  await eve.request("say", { from: "eve", text: "anybody here?" });
  const first = await Promise.all(heard.map((subscription) => subscription[Symbol.asyncIterator]().next()));
  assert.deepEqual(
    first.map(({ value }) => value),
    [
      { from: "ann", text: "hello" },
      { from: "ann", text: "hello" },
      { from: "eve", text: "anybody here?" },
    ],
  );
});

test("what was said while a page had no connection comes when it is back", async () => {
  await using server = await start(application);
  const { WebSocket } = server;
  await using ann = createClient<typeof chat>("ws://test/chat/attic/", { WebSocket, retryDelay: () => 0 });
  const said = ann.subscribe("said");
  await said.joined;
  server.network.cut();
  await using bob = createClient<typeof chat>("ws://test/chat/attic/", { WebSocket });
  await bob.request("say", { from: "bob", text: "where were you?" });
  const { value } = await said[Symbol.asyncIterator]().next();
  assert.deepEqual(value, { from: "bob", text: "where were you?" });
});

test("a message without text is refused, and the connection goes on", async () => {
  await using server = await start(application);
  await using ann = createClient<typeof chat>("ws://test/chat/lobby/", { WebSocket: server.WebSocket });
  await assert.rejects(ann.request("say", { from: "ann", text: "" }), { status: -32602 });
  await ann.request("say", { from: "ann", text: "hello" });
});

test("the page and its script are served", async () => {
  const server = await serve(application, { port: 0 });
  // With two fields a form is sent by Enter only where it has a button.
  assert.match(await (await fetch(server.url)).text(), /<h1>A chat[\s\S]*<button type="submit">/);
  const script = await (await fetch(`${server.url}/page.js`)).text();
  assert.match(script, /WebSocket/);
  assert.doesNotMatch(script, /ZodError/, "expected the contract's type alone in the page, not its schemas");
  assert.equal((await fetch(`${server.url}/nothing`)).status, 404);
  await server.close();
});
