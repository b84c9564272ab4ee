import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { ReceiveEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { attach } from "../../attach.js";
import { serve } from "../../serve.js";
import { accepting, masked, Peer, standstill } from "../peer.fixture.js";

const tiny = masked(0x81);
/** As many empty messages as fit into one read of the kernel. */
const segment = Buffer.concat(Array.from({ length: 10_922 }, () => tiny));

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("an application that does not receive", () => {
  test("fault 96: of a flood that nobody reads no more than 256 KiB is taken in", async () => {
    const end = deferred();
    const httpServer = createServer();
    const sockets: Socket[] = [];
    httpServer.on("connection", (socket: Socket) => sockets.push(socket));
    const receiveQueue = { messages: 16, bytes: 65_536 };
    const attached = attach(
      httpServer,
      accepting(() => end.promise),
      { receiveQueue },
    );
    await attached.ready;
    httpServer.listen(0, "127.0.0.1");
    await once(httpServer, "listening");
    const { port } = httpServer.address() as AddressInfo;
    const peer = await Peer.open({ url: `http://127.0.0.1:${port}` });
    const flood = Buffer.concat(Array.from({ length: 256 }, () => segment));
    peer.socket.write(flood);
    await standstill(() => sockets[0]?.bytesRead ?? 0);
    expect(sockets[0]?.bytesRead).toBeGreaterThan(0);
    expect(sockets[0]?.bytesRead).toBeLessThanOrEqual(262_144);
    peer.socket.resetAndDestroy();
    end.resolve();
    await attached.close({ grace: 0 });
    httpServer.close();
  });

  test("fault 97: when it returns, its queue is dropped, the peer is told 1000, and its answer is read past the flood", async () => {
    const full = deferred();
    const application = accepting(() => full.promise);
    await using server = await serve(application, { port: 0, receiveQueue: { messages: 4, bytes: 100 } });
    const peer = await Peer.open(server);
    peer.socket.write(Buffer.concat(Array.from({ length: 64 }, () => segment)));
    await standstill(() => peer.socket.writableLength);
    full.resolve();
    await peer.ended();
    expect(peer.close).toEqual({ code: 1000, reason: "" });
  });
});

describe("receive", () => {
  test("fault 99: after the disconnect gives the same disconnect again, whatever ended the connection", async () => {
    const events: ReceiveEvent[] = [];
    const application = accepting(async (receive, send, { path }) => {
      if (path === "/own") await send({ type: "websocket.close", code: 4_000, reason: "own" });
      events.push(await receive(), await receive(), ...(await Promise.all([receive(), receive()])));
    });
    await using server = await serve(application, { port: 0 });
    const theirs = await Peer.open(server, "/theirs", masked(0x88, Buffer.from([0x0f, 0xa1])));
    await theirs.ended();
    await (await Peer.open(server, "/own")).ended();
    const closed = (code: number, reason: string): ReceiveEvent[] =>
      Array(4).fill({ type: "websocket.disconnect", code, reason });
    expect(events).toEqual([...closed(4_001, ""), ...closed(4_000, "own")]);
  });

  test("fault 100: calls that wait at the same time are served first come first served; none is lost or given twice", async () => {
    const application = accepting(async (receive, send) => {
      const events = await Promise.all(Array.from({ length: 5 }, receive));
      const text = events.map((event) => (event.type === "websocket.receive" ? event.text : "end")).join();
      await send({ type: "websocket.send", text });
    });
    await using server = await serve(application, { port: 0 });
    const peer = await Peer.open(server);
    peer.text("1", "2");
    peer.text("3", "4", "5");
    await peer.ended();
    expect(peer.texts).toEqual(["1,2,3,4,5"]);
  });
});

describe("many small messages", () => {
  test("fault 110: a flood of them does not hold up another client: it is served before the flood is through", async () => {
    const order: string[] = [];
    const begun = deferred();
    const application = accepting(async (receive, send, { path }) => {
      for (;;) {
        const event = await receive();
        if (event.type !== "websocket.receive") return;
        order.push(path);
        if (path === "/flood") begun.resolve();
        else await send({ type: "websocket.send", text: "served" });
      }
    });
    await using server = await serve(application, { port: 0 });
    const victim = await Peer.open(server, "/victim");
    const flood = await Peer.open(server, "/flood");
    for (let count = 0; count < 4; count += 1) flood.socket.write(segment);
    await begun.promise;
    victim.text("x");
    await victim.until(() => victim.texts.length === 1);
    const before = order.indexOf("/victim");
    flood.socket.write(masked(0x88));
    await expect.poll(() => order.length, { interval: 2 }).toBe(4 * 10_922 + 1);
    expect(before).toBeLessThan(2 * 10_922);
  });

  test("fault 125: 10,922 of them in one segment are all received, one after the other or by as many calls that wait", async () => {
    let received = 0;
    const application = accepting(async (receive, send, { path }) => {
      const one = async (): Promise<void> => {
        if ((await receive()).type === "websocket.receive") received += 1;
      };
      if (path === "/waiting") await Promise.all(Array.from({ length: 10_922 }, one));
      else for (let count = 0; count < 10_922; count += 1) await one();
      await send({ type: "websocket.send", text: "all" });
    });
    await using server = await serve(application, { port: 0 });
    for (const target of ["/waiting", "/one"]) {
      received = 0;
      const peer = await Peer.open(server, target);
      peer.socket.write(segment);
      await peer.ended();
      expect(peer.texts).toEqual(["all"]);
      expect(received).toBe(10_922);
    }
  });
});
