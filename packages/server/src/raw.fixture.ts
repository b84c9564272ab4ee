import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Application, Receive, Send, WebSocketScope } from "@ws/events";
import type { Server } from "./serve.js";
import type { Logger } from "./session/logger.js";

/** An application that knows WebSocket scopes alone. */
export function webSocket(
  handle: (scope: WebSocketScope, receive: Receive, send: Send) => Promise<void>,
): Application {
  return async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new TypeError(`expected a websocket scope, got ${scope.type}`);
    await handle(scope, receive, send);
  };
}

/** Accepts, and sends back each message as it came. */
export const echo: Application = webSocket(async (_scope, receive, send) => {
  await receive();
  await send({ type: "websocket.accept" });
  for (;;) {
    const event = await receive();
    if (event.type !== "websocket.receive") return;
    if (event.text === undefined) await send({ type: "websocket.send", bytes: event.bytes });
    else await send({ type: "websocket.send", text: event.text });
  }
});

/** An opening handshake as text. */
export function handshake(target = "/", lines: readonly string[] = []): string {
  const head = [
    `GET ${target} HTTP/1.1`,
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  return [...head, ...lines, "", ""].join("\r\n");
}

/** The port of a server that listens on one. */
export function portOf(server: Pick<Server, "url">): number {
  return Number(new URL(server.url).port);
}

/** A socket that is connected; its errors show as its close. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Waits for the end of a socket. Not by `once` of `node:events`, which rejects when the socket fails before it closes. */
export function untilClosed(socket: NodeJS.EventEmitter & { readonly closed?: boolean }): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed === true) resolve();
    else socket.once("close", () => resolve());
  });
}

/** Waits until what a socket read holds `text`, and gives all of it, as latin-1. */
export async function readUntil(socket: Socket, text: string): Promise<string> {
  let read = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    read += (chunk as Buffer).toString("latin1");
    if (read.includes(text)) return read;
  }
  throw new Error(`expected ${JSON.stringify(text)}, got the end after ${JSON.stringify(read)}`);
}

/** Writes a request and gives all that came until the server closed, as latin-1. */
export async function exchange(port: number, request: string | Uint8Array): Promise<string> {
  const socket = await dial(port);
  socket.write(request);
  let answer = "";
  for await (const chunk of socket) answer += (chunk as Buffer).toString("latin1");
  return answer;
}

/** A logger that keeps its lines. */
export class KeptLog implements Logger {
  readonly lines: { readonly level: string; readonly message: string; readonly fields?: unknown }[] = [];

  debug(message: string, fields?: unknown): void {
    this.lines.push({ level: "debug", message, fields });
  }

  info(message: string, fields?: unknown): void {
    this.lines.push({ level: "info", message, fields });
  }

  warn(message: string, fields?: unknown): void {
    this.lines.push({ level: "warn", message, fields });
  }

  error(message: string, fields?: unknown): void {
    this.lines.push({ level: "error", message, fields });
  }

  /** The messages of a level. */
  of(level: string): string[] {
    return this.lines.filter((line) => line.level === level).map((line) => line.message);
  }
}
