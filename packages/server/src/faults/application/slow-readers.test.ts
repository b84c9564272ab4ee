import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Application, ConnectionClosed, type ReceiveEvent, type Send } from "@ws/events";
import { describe, expect, test } from "vitest";
import { attach } from "../../attach.js";
import type { ConnectionOptions } from "../../options/options.js";
import { serve } from "../../serve.js";
import { accepting, Peer, standstill } from "../peer.fixture.js";

const block = 262_144;
const message = { type: "websocket.send", bytes: new Uint8Array(block) } as const;

/** A server whose own sockets the test can see. */
async function watched(
  application: Application,
  options: Partial<ConnectionOptions>,
): Promise<{ readonly url: string; readonly held: () => number } & AsyncDisposable> {
  const httpServer = createServer();
  const sockets: Socket[] = [];
  httpServer.on("connection", (socket: Socket) => sockets.push(socket));
  const attached = attach(httpServer, application, options);
  await attached.ready;
  httpServer.listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  return {
    url: `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`,
    held: () => sockets.reduce((sum, socket) => sum + socket.writableLength, 0),
    [Symbol.asyncDispose]: async () => {
      await attached.close({ grace: 0 });
      httpServer.close();
    },
  };
}

/** Sends so many blocks, each when the last one was taken. */
function sender(total: number): {
  readonly application: Application;
  readonly sent: () => number;
  readonly error: () => unknown;
} {
  let sent = 0;
  let failure: unknown;
  const application = accepting(async (_receive, send) => {
    try {
      for (; sent < total; sent += 1) await send(message);
    } catch (error) {
      failure = error;
    }
  });
  return { application, sent: () => sent, error: () => failure };
}

describe("a peer that does not read", () => {
  test("fault 104: a send resolves while the buffer is below its mark, waits above it, and goes on when the peer reads", async () => {
    const { application, sent } = sender(64);
    await using server = await serve(application, { port: 0, sendBuffer: 65_536 });
    const peer = await Peer.open(server);
    peer.socket.pause();
    await standstill(sent);
    expect(sent()).toBeLessThan(64);
    peer.socket.resume();
    await peer.ended();
    expect(sent()).toBe(64);
    expect(peer.frames.filter(({ payload }) => payload.length === block)).toHaveLength(64);
  });

  test("fault 105: a send that waits is rejected at once when the connection dies", async () => {
    const order: string[] = [];
    const application = accepting(async (_receive, send, scope) => {
      scope.extensions["websocket.disconnect"]?.signal.addEventListener("abort", () => {
        order.push("signal");
        process.nextTick(() => setImmediate(() => order.push("next turn")));
      });
      for (;;)
        await send(message).catch((error: unknown) => {
          order.push(error instanceof ConnectionClosed ? "rejected" : "wrong");
          throw error;
        });
    });
    await using server = await serve(application, { port: 0, sendBuffer: 65_536 });
    const peer = await Peer.open(server);
    peer.socket.pause();
    await standstill(() => peer.socket.bytesRead);
    peer.socket.resetAndDestroy();
    await expect.poll(() => order, { interval: 2 }).toEqual(["signal", "rejected", "next turn"]);
  });

  test("fault 106: while the application awaits its sends, no more than the buffer and one message are held for it", async () => {
    const { application, sent } = sender(200);
    await using server = await watched(application, { sendBuffer: 1_048_576 });
    const peer = await Peer.open(server);
    peer.socket.pause();
    await standstill(sent);
    expect(sent()).toBeLessThan(200);
    expect(server.held()).toBeGreaterThan(1_048_576);
    expect(server.held()).toBeLessThanOrEqual(1_048_576 + block + 14);
    peer.socket.destroy();
  });

  test("fault 107: where nobody awaits them, no more than the buffer and 17 messages are held, then it is a slow consumer", async () => {
    let end: ReceiveEvent | undefined;
    let most = 0;
    let held = (): number => 0;
    const application = accepting(async (receive, send) => {
      // A turn in between, as a fan-out has one: the kernel takes what it can.
      for (let count = 0; count < 400; count += 1) {
        void send(message);
        most = Math.max(most, held());
        await new Promise((resolve) => setImmediate(resolve));
      }
      end = await receive();
    });
    await using server = await watched(application, { sendBuffer: 1_048_576 });
    held = server.held;
    const peer = await Peer.open(server);
    peer.socket.pause();
    await expect
      .poll(() => end, { interval: 5 })
      .toEqual({
        type: "websocket.disconnect",
        code: 1006,
        reason: "slow consumer",
      });
    expect(most).toBeGreaterThan(1_048_576);
    expect(most).toBeLessThanOrEqual(1_048_576 + 18 * (block + 10));
    // What it still can, it reads; there is the reason in it, or a socket that was cut off.
    peer.socket.resume();
    await peer.ended();
    expect(peer.close?.code ?? 1013).toBe(1013);
  });

  test("fault 108: does not hold up the others of a broadcast, and is dropped", async () => {
    const rounds = 100;
    const members = new Set<Send>();
    const ends: string[] = [];
    const application = accepting(async (receive, send, { path }) => {
      members.add(send);
      const event = await receive();
      members.delete(send);
      if (event.type === "websocket.disconnect") ends.push(`${path} ${event.reason}`);
    });
    await using server = await serve(application, { port: 0, sendBuffer: 65_536, sendTimeout: 20 });
    const slow = await Peer.open(server, "/slow");
    slow.socket.pause();
    const fast = [await Peer.open(server, "/fast"), await Peer.open(server, "/fast")];
    for (let round = 0; round < rounds; round += 1) {
      for (const send of members) void send(message);
      await Promise.all(fast.map((peer) => peer.until(() => peer.frames.length === round + 1)));
    }
    await expect.poll(() => ends, { interval: 2 }).toEqual(["/slow slow consumer"]);
    expect(fast.map(({ frames }) => frames.length)).toEqual([rounds, rounds]);
    slow.socket.destroy();
    for (const peer of fast) peer.socket.destroy();
  });

  test("fault 109: one message above the mark is sent whole; the next waits until it is gone", async () => {
    const states: string[] = [];
    const application = accepting(async (_receive, send) => {
      const large = send({ type: "websocket.send", bytes: new Uint8Array(10_485_760) });
      states.push(await Promise.race([large.then(() => "gone"), Promise.resolve("waits")]));
      await large;
      states.push("gone");
    });
    await using server = await serve(application, { port: 0, sendBuffer: 1_024 });
    const peer = await Peer.open(server);
    await peer.ended();
    expect(states).toEqual(["waits", "gone"]);
    expect(peer.frames[0]?.payload).toHaveLength(10_485_760);
  });
});
