// The server that is measured, in a process of its own: its options are the first argument, as JSON.
import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Connection } from "@ws/connection";
import type { Application, Receive, Send } from "@ws/events";
import { serve } from "@ws/server";
import { z } from "zod";
import type { Command, Measures } from "./harness.js";

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
/** Open connections by path. */
const open = new Map<string, number>();
/** The most bytes of buffers that a stalled reader was seen to cost. */
let peak = 0;

function collect(): void {
  globalThis.gc?.();
}

/** Sends to a peer that doesn't read, awaiting each or none; what the kernel took meanwhile is not held by us. */
async function talk(send: Send, awaits: boolean): Promise<void> {
  const bytes = new Uint8Array(65_536);
  collect();
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 200; count += 1) {
    const sent = send({ type: "websocket.send", bytes });
    await null;
    collect();
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    await (awaits ? sent : new Promise((resolve) => setImmediate(resolve)));
  }
}

/** What each path does once the connection is open, until it ends. */
const views: Readonly<Record<string, (receive: Receive, send: Send) => Promise<void>>> = {
  "/echo": async (receive, send) => {
    for (let event = await receive(); event.type === "websocket.receive"; event = await receive()) {
      await send({ type: "websocket.send", text: String(event.text) });
    }
  },
  "/sink": async (receive) => {
    while ((await receive()).type === "websocket.receive");
  },
  "/count": async (receive, send) => {
    for (let count = 0; count < 10_000; count += 1) await receive();
    await send({ type: "websocket.send", text: "10000 received" });
  },
  "/awaiting": (_receive, send) => talk(send, true),
  "/forgetful": (_receive, send) => talk(send, false),
  // Leaves when the connection is gone, and reads nothing.
  "/deaf": () => new Promise(() => {}),
};

const numbers = z.array(z.number());

/** Says what a hostile message was answered with inside: how large its error is, in bytes. */
async function json(socket: Connection): Promise<void> {
  await socket.accept();
  for (;;) {
    const error = await socket.receiveJson(numbers).then(
      () => new Error("accepted"),
      (reason: unknown) => reason as Error,
    );
    if (socket.clientState === "disconnected") return;
    const text = `${error.message}${JSON.stringify("issues" in error ? error.issues : [])}`;
    await socket.sendText(`error of ${Buffer.byteLength(text)} bytes`);
  }
}

const application: Application = async (scope, receive, send) => {
  if (scope.type !== "websocket") throw new TypeError(`no ${scope.type} here`);
  const { path } = scope;
  if (path === "/json") return json(new Connection(scope, receive, send));
  await receive();
  await send({ type: "websocket.accept" });
  const gone = scope.extensions["websocket.disconnect"]?.signal;
  open.set(path, (open.get(path) ?? 0) + 1);
  gone?.addEventListener("abort", () => open.set(path, (open.get(path) ?? 0) - 1));
  const left = new Promise<void>((resolve) => gone?.addEventListener("abort", () => resolve()));
  await Promise.race([views[path]?.(receive, send), left]);
};

function measures(): Measures {
  collect();
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  const kinds = process.getActiveResourcesInfo();
  return {
    rss,
    held: heapUsed + external,
    heap: heapUsed,
    peak,
    blocked: delay.max / 1e6,
    open: Object.fromEntries(open),
    descriptors: readdirSync("/proc/self/fd").length,
    timers: kinds.filter((kind) => kind === "Timeout").length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

function stall(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

const server = await serve(application, { port: 0, ...JSON.parse(process.argv[2] ?? "{}") });
process.on("message", (command: Command) => {
  if (command.stall !== undefined) stall(command.stall);
  process.send?.(measures());
  // What the collection cost is not counted.
  setTimeout(() => delay.reset(), 10);
});
process.on("disconnect", () => process.exit());
process.send?.({ port: Number(new URL(server.url).port) });
