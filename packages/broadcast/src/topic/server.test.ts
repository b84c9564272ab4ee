import type { Connection } from "@ws/connection";
import { start } from "@ws/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { settled } from "../engine/engine.fixture.js";
import { memory } from "../engines/memory/engine.js";
import type { JoinOptions } from "../receivers/options.js";
import { type Broadcast, createBroadcast } from "./broadcast.js";
import type { Topic } from "./topic.js";
import { view } from "./view.fixture.js";

// Real connections: the server's own, over an in-memory duplex.

/** A view that joins the topic, says so, and stays until its client leaves. */
function joining(
  topic: Topic<z.ZodType<string, string>>,
  options: JoinOptions<string> = {},
): (socket: Connection) => Promise<void> {
  return async (socket) => {
    await socket.accept();
    await topic.join(socket, options).joined;
    await socket.sendText("joined");
    for await (const message of socket.text()) await topic.publish(message);
  };
}

function room(broadcast: Broadcast): Topic<z.ZodType<string, string>> {
  return broadcast.topic("room", z.string());
}

test("what one client says all hear, in the same order", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = room(broadcast);
  await using server = await start(view(joining(topic)));
  const sessions = await Promise.all([1, 2, 3].map(() => server.connect("/")));
  for (const session of sessions) expect(await session.receiveText()).toBe("joined");
  for (const [index, session] of sessions.entries()) await session.sendJson(index);
  const heard: string[] = [];
  for (const session of sessions) {
    const texts = [await session.receiveText(), await session.receiveText(), await session.receiveText()];
    heard.push(texts.join());
  }
  expect(new Set(heard).size).toBe(1);
  for (const session of sessions) await session[Symbol.asyncDispose]();
});

test("a member leaves when its client does, and when its view throws", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = room(broadcast);
  const application = view(async (socket) => {
    await socket.accept();
    await topic.join(socket).joined;
    await socket.sendText("joined");
    if ((await socket.receiveText()) === "throw") throw new Error("mine");
  });
  const server = await start(application);
  const [leaving, throwing] = [await server.connect("/"), await server.connect("/")];
  for (const session of [leaving, throwing]) await session.receiveText();
  expect(topic.counters.members).toBe(2);
  await leaving.close();
  await settled();
  expect(topic.counters.members).toBe(1);
  await throwing.sendText("throw");
  expect(await throwing.closed).toMatchObject({ code: 1011 });
  expect(topic.counters.members).toBe(0);
  expect(await server.thrown()).toMatchObject({ message: "mine" });
  await topic.publish("nobody");
  await server.close();
});

test("a client that does not read is closed with 1013, and delays nobody", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = room(broadcast);
  await using server = await start(view(joining(topic)), { sendBuffer: 1_024 });
  await using quick = await server.connect("/");
  await quick.receiveText();
  const slow = server.dial();
  const head = ["GET / HTTP/1.1", "host: localhost", "connection: upgrade", "upgrade: websocket"];
  const handshake = ["sec-websocket-version: 13", "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="];
  slow.write([...head, ...handshake, "", ""].join("\r\n"));
  await new Promise((resolve) => slow.once("readable", resolve));
  while (topic.counters.members < 2) await settled();
  const text = "x".repeat(10_000);
  let heard = 0;
  // One that waits is no overflow, and so on up to 64.
  while (topic.counters.disconnected === 0) {
    await topic.publish(text);
    expect(await quick.receiveJson()).toBe(text);
    heard += 1;
  }
  expect(heard).toBeGreaterThan(64);
  expect(topic.counters).toMatchObject({ members: 1, dropped: 0 });
  slow.destroy();
});

test("a message is framed once for all sockets, and arrives as one text message", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = room(broadcast);
  await using server = await start(view(joining(topic)));
  await using session = await server.connect("/");
  await session.receiveText();
  const long = "é👩‍👩‍👧".repeat(2_000);
  await topic.publish(long);
  expect(await session.receiveJson()).toBe(long);
});
