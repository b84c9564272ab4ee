import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { AdoptedTransport, type OpenWebSocket } from "./adopted-transport.js";

/** A socket of `ws` and what is below it, which note what they are told. */
function made() {
  const told: unknown[] = [];
  const note =
    (name: string) =>
    (...given: unknown[]): void => {
      told.push([name, ...given.filter((each) => typeof each !== "function")]);
    };
  const webSocket = Object.assign(new EventEmitter(), {
    readyState: 1,
    protocol: "",
    bufferedAmount: 5,
    send: note("send"),
    ping: note("ping"),
    close: note("close"),
    pause: note("pause"),
    resume: note("resume"),
    terminate: note("terminate"),
  });
  const socket = {
    bytesRead: 7,
    write: note("write"),
    setKeepAlive: note("setKeepAlive"),
  } as unknown as Socket;
  const transport = new AdoptedTransport(webSocket as unknown as OpenWebSocket, socket, note("lost headers"));
  const listener = {
    text: vi.fn(),
    binary: vi.fn(),
    drained: vi.fn(),
    breached: vi.fn(),
    ended: vi.fn(),
    released: vi.fn(),
  };
  transport.listen(listener);
  return { webSocket, transport, told, listener };
}

test("knows of the bytes what ws and the socket tell, and nothing of a message that has begun", () => {
  const { webSocket, transport } = made();
  expect([transport.buffered, transport.received, transport.unfinished]).toEqual([5, 7, 0]);
  webSocket.readyState = 2;
  expect(transport.buffered).toBe(Number.POSITIVE_INFINITY);
  expect(transport.accept(undefined, [])).toBeUndefined();
});

test("asks the kernel for a peer that it has paused, by a write of nothing, and destroys by ws", () => {
  const { transport, told } = made();
  transport.pause();
  transport.probe();
  transport.terminate();
  const written = ["write", new Uint8Array()];
  expect(told).toEqual([["setKeepAlive", true, 10_000], ["pause"], written, ["terminate"]]);
});

test("sends text and bytes by ws, and tells when they were taken", () => {
  const { webSocket, transport, listener } = made();
  const sent: unknown[] = [];
  webSocket.send = (data, taken) => {
    sent.push(data);
    (taken as () => void)();
  };
  transport.send({ type: "websocket.send", text: "a" });
  transport.send({ type: "websocket.send", bytes: Uint8Array.of(1) });
  transport.awaitDrain();
  expect(sent).toEqual(["a", Uint8Array.of(1)]);
  expect(listener.drained).toHaveBeenCalledTimes(2);
});

test("answers by a close where the handshake has its answer", () => {
  const { transport, told } = made();
  const closes = (): unknown[] => told.filter((each) => (each as string[])[0] === "close");
  for (const status of [403, 500, 503]) transport.refuse(status);
  transport.respond(404, []);
  transport.respondBody(Uint8Array.of(1), true);
  expect(closes()).toHaveLength(3);
  transport.respondBody(new Uint8Array(), false);
  expect(closes()).toEqual([
    ["close", 1008, "HTTP 403"],
    ["close", 1011, "HTTP 500"],
    ["close", 1013, "HTTP 503"],
    ["close", 1008, "HTTP 404"],
  ]);
});
