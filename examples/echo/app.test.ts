import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "@ws/server";
import { connect } from "@ws/testing";
import application from "./app.ts";

test("the echo says what it heard", async () => {
  await using session = await connect(application, "/echo/");
  await session.sendText("hello");
  assert.equal(await session.receiveText(), "You said: hello");
});

test("bytes are none of its business: the connection is closed with 1003", async () => {
  await using session = await connect(application, "/echo/");
  await session.sendBytes(Buffer.of(1));
  assert.equal((await session.closed).code, 1003);
});

test("the page is served", async () => {
  const server = await serve(application, { port: 0 });
  assert.match(await (await fetch(server.url)).text(), /<h1>An echo/);
  assert.equal((await fetch(`${server.url}/nothing`)).status, 404);
  await server.close();
});
