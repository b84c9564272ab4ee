import { once } from "node:events";
import { expect, test } from "vitest";
import { dial, echo, exchange, handshake, portOf, readUntil } from "../../raw.fixture.js";
import { Child } from "../child.fixture.js";
import { closeFrame, entered, frame, rest, running } from "../live.fixture.js";

test("fault 134: after kill -9 of the server all clients come back to the next one, or are told when to try again", async () => {
  const first = new Child();
  const port = await first.port();
  const sockets = await Promise.all(Array.from({ length: 200 }, () => dial(port)));
  for (const socket of sockets) socket.write(handshake());
  await Promise.all(sockets.map((socket) => readUntil(socket, "\r\n\r\n")));
  const lost = Promise.all(sockets.map((socket) => once(socket.resume(), "close")));
  first.process.kill("SIGKILL");
  await lost;

  const second = new Child({ port, maxPendingHandshakes: 50, maxConnections: 200 });
  await second.port();
  const answer = async (): Promise<string> => {
    const socket = await dial(port);
    socket.write(handshake());
    const head = await readUntil(socket, "\r\n\r\n");
    return /^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n/i.test(head) ? answer() : head;
  };
  const heads = await Promise.all(sockets.map(answer));
  expect(heads.filter((head) => head.startsWith("HTTP/1.1 101 ")).length).toBe(200);
});

test("fault 141: without descriptors the process lives, refuses or lets wait, and serves again when some are free", async () => {
  const child = new Child({}, 64);
  const port = await child.port();
  // libuv closes those that it can't take; one that waits in the kernel instead is served when another leaves.
  const answer = async (): Promise<boolean> => {
    const socket = await dial(port);
    socket.write(handshake());
    const head = await readUntil(socket, "\r\n\r\n").catch(() => "refused");
    socket.end(closeFrame).resume();
    return head.startsWith("HTTP/1.1 101 ");
  };
  const answers = await Promise.all(Array.from({ length: 150 }, answer));
  expect(answers).toContain(true);
  await expect.poll(answer).toBe(true);
  expect(child.process.exitCode).toBeNull();
});

test("fault 142: above maxConnections a handshake gets 503 and Retry-After, and no application is called", async () => {
  const called: string[] = [];
  const { server } = await running(
    async (scope, receive, send) => {
      called.push(scope.type);
      await echo(scope, receive, send);
    },
    { maxConnections: 2 },
  );
  const held = [await entered(server), await entered(server)];
  expect(await exchange(portOf(server), handshake())).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n/i);
  expect(called).toEqual(["lifespan", "websocket", "websocket"]);
  held[0]?.end(closeFrame).resume();
  await expect.poll(() => server.connections).toBe(1);
  await entered(server);
});

/** How many timers or sockets this process holds. */
function held(kind: "Timeout" | "TCPSocketWrap"): number {
  return process.getActiveResourcesInfo().filter((each) => each === kind).length;
}

test("fault 143: after 300 connections that came and went, timers, sockets and listeners are as before", async () => {
  const { server } = await running(echo);
  const cycle = async (): Promise<void> => {
    const socket = await entered(server);
    socket.write(Buffer.concat([frame(0x81, "x"), closeFrame]));
    await rest(socket);
  };
  await cycle();
  await expect.poll(() => server.connections).toBe(0);
  const listeners = process.eventNames().map((name) => process.listenerCount(name));
  const [timers, sockets] = [held("Timeout"), held("TCPSocketWrap")];
  for (let round = 0; round < 6; round += 1) await Promise.all(Array.from({ length: 50 }, cycle));
  await expect.poll(() => held("Timeout")).toBeLessThanOrEqual(timers);
  await expect.poll(() => held("TCPSocketWrap")).toBeLessThanOrEqual(sockets);
  expect(server.connections).toBe(0);
  expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual(listeners);
});

test("fault 145: a rejection that nobody awaits ends the process with 1 and its error, as Node has it", async () => {
  const child = new Child();
  const socket = await dial(await child.port());
  socket.write(handshake("/detached"));
  expect(await child.ended).toEqual([1, null]);
  expect(child.errors).toContain("nobody awaits this");
});

test("fault 145: one who listens to it can tell whose it is by the connection's id, and the server goes on", async () => {
  const child = new Child({ catches: true });
  const socket = await dial(await child.port());
  socket.write(handshake("/detached"));
  await readUntil(socket, "\r\n\r\n");
  const [line] = await child.said(/^unhandled /);
  expect(line).toMatch(/^unhandled \w+-\w+ Error: nobody awaits this$/);
  socket.write(frame(0x81, "still here"));
  expect(await readUntil(socket, "still here")).toContain("still here");
  socket.destroy();
});
