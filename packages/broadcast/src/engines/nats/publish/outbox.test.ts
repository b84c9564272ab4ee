import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { connect } from "@nats-io/transport-node";
import { expect, test } from "vitest";
import { codeOf, soon, Witness } from "../../../conformance/witness.js";
import { Names } from "../connect/names.js";
import { Session } from "../session/session.js";
import { Sequencer } from "./sequencer.js";

/** A connection to a server that greets and answers pings, and does no more. */
async function openSession(): Promise<{ session: Session; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    socket.write('INFO {"version":"2.9.10","proto":1,"headers":true,"max_payload":1000}\r\n');
    socket.on("data", (chunk) => socket.write("PONG\r\n".repeat(String(chunk).split("PING").length - 1)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const connection = await connect({ servers: `127.0.0.1:${port}`, reconnect: false });
  const heartbeats = { self: "me", others: () => new Set<string>() };
  const common = { names: new Names("ws"), sequencer: new Sequencer(), heartbeats };
  const grounds = { ...common, replicas: 1, pingInterval: 5_000 };
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { session: new Session(connection, new Witness(), grounds), close };
}

test("fault 212: a publish that waits for its turn when the connection closes rejects, and nothing is thrown elsewhere", async () => {
  const { session, close } = await openSession();
  const code = codeOf(session.outbox.publish({ topic: "t", payload: "1", stream: undefined }, soon()));
  // The client is done with the connection before the turn of the event loop is over in which messages are collected.
  await session.link.connection.close();
  await turn();
  expect(await code).toBe("ERR_WS_ENGINE_DOWN");
  await close();
});

test("fault 212: what a timer wants to say over a connection that is closed goes nowhere", async () => {
  const { session, close } = await openSession();
  await session.link.connection.close();
  expect(session.link.maxPayload).toBe(0);
  session.link.publish("ws.presence.beat", "1 process beat");
  expect(session.link.connection.stats().outMsgs).toBe(0);
  await close();
});
