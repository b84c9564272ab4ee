// A server in a process of its own: its options are the first argument, as JSON. It says what happens, a line each.
import { AsyncLocalStorage } from "node:async_hooks";
import { writeSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Application, Receive, Send, WebSocketScope } from "@ws/events";
import { serve } from "../serve.js";
import { handleSignals } from "../signals.js";

const { closing, startup, shutdown, catches, ...options } = JSON.parse(process.argv[2] ?? "{}");
const ids = new AsyncLocalStorage<string>();
const forever = new Promise<never>(() => {});

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function live(receive: Receive, send: Send): Promise<void> {
  await receive();
  if (startup === "fails") return send({ type: "lifespan.startup.failed", message: "no database" });
  if (startup === "hangs") await forever;
  await send({ type: "lifespan.startup.complete" });
  await receive();
  say("shutdown");
  if (shutdown === "hangs") await forever;
  await send({ type: "lifespan.shutdown.complete" });
}

function flood(send: Send): void {
  const bytes = new Uint8Array(1_048_576);
  for (let index = 0; index < 16; index += 1) void send({ type: "websocket.send", bytes });
}

function stall(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** How much memory the process holds, in KiB, when all is collected that nothing refers to. */
function memory(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 3; round += 1) collect();
  return Math.round(process.memoryUsage().rss / 1024);
}

/** Echoes, and does beside it what the path says. */
async function talk({ path, extensions }: WebSocketScope, receive: Receive, send: Send): Promise<void> {
  await receive();
  if (path === "/pending") {
    say("pending");
    return void (await receive());
  }
  await send({ type: "websocket.accept" });
  const draining = extensions["websocket.draining"]?.signal;
  draining?.addEventListener("abort", () => void send({ type: "websocket.send", text: "draining" }));
  if (path === "/flood") flood(send);
  if (path === "/throws") throw new Error("the view failed");
  if (path === "/untaken") void send({ type: "websocket.send", text: "\ud800" });
  if (path === "/deaf") await forever;
  if (path === "/detached") void Promise.reject(new Error("nobody awaits this"));
  for (let event = await receive(); event.type === "websocket.receive"; event = await receive()) {
    if (event.text?.startsWith("stall ")) stall(Number(event.text.slice("stall ".length)));
    if (event.text === "memory") say(`memory ${memory()}`);
    await send({ type: "websocket.send", text: String(event.text) });
  }
}

const application: Application = async (scope, receive, send) => {
  if (scope.type === "lifespan") return live(receive, send);
  if (scope.type !== "websocket") throw new TypeError(`no ${scope.type} here`);
  const id = String(scope.extensions["websocket.connection"]?.id);
  await (catches ? ids.run(id, talk, scope, receive, send) : talk(scope, receive, send));
};

if (catches) process.on("unhandledRejection", (error) => say(`unhandled ${ids.getStore()} ${String(error)}`));
const server = await serve(application, { port: 0, ...options });
handleSignals(server, closing);
say(`open ${server.url}`);
