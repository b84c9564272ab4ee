import { AssertionError } from "node:assert/strict";
import type { Application, Receive, ReceiveEvent, Send, WebSocketScope } from "@ws/events";
import type { ConnectionOptions } from "@ws/server";
import { deferred } from "../client/deferred.js";
import { start, type TestServer } from "../client/test-server.js";
import type { TestTransport } from "../transports/transport.js";

/** One sentence of the contract, and the code that tests it. */
export interface Case {
  readonly name: string;
  /** Rejects where the transport does not do what the sentence says. */
  readonly run: (transport: TestTransport) => Promise<void>;
}

/** The arguments with which an application is called for a WebSocket. */
export interface Given {
  readonly scope: WebSocketScope;
  readonly receive: Receive;
  readonly send: Send;
}

/** An application that accepts only WebSocket scopes. */
export function webSocket(handle: (given: Given) => Promise<void>): Application {
  return async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new TypeError(`expected a websocket scope, got ${scope.type}`);
    await handle({ scope, receive, send });
  };
}

/** An application that accepts first. */
export function accepting(handle: (given: Given) => Promise<void>): Application {
  return webSocket(async (given) => {
    await given.receive();
    await given.send({ type: "websocket.accept" });
    await handle(given);
  });
}

/** Echoes each message until the client leaves. */
export const echo: Application = accepting(async ({ receive, send }) => {
  for (;;) {
    const event = await receive();
    if (event.type !== "websocket.receive") return;
    await send(
      event.text === undefined
        ? { type: "websocket.send", bytes: event.bytes }
        : { type: "websocket.send", text: event.text },
    );
  }
});

/** Runs an application on the transport while `use` runs. A failed assertion inside the application ends the case. */
export async function running(
  transport: TestTransport,
  application: Application,
  use: (server: TestServer) => Promise<void>,
  options: Partial<ConnectionOptions> = {},
): Promise<void> {
  const failed = deferred<AssertionError>();
  const watched: Application = async (scope, receive, send) => {
    try {
      await application(scope, receive, send);
    } catch (error) {
      if (error instanceof AssertionError) failed.resolve(error);
      throw error;
    }
  };
  const server = await start(watched, { logger: false, ...options, transport });
  try {
    const error = await Promise.race([use(server), failed.promise]);
    if (error !== undefined) throw error;
  } finally {
    await server.close({ grace: 500 });
  }
}

/**
 * The error that `promise` rejects with. @throws {AssertionError} where it does not reject; this ends a case even inside an
 * application.
 */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new AssertionError({ message: "expected a rejection, got a value" });
}

/** Receives until the disconnect, and returns it. */
export async function untilDisconnect(
  receive: Receive,
): Promise<ReceiveEvent & { readonly type: "websocket.disconnect" }> {
  for (;;) {
    const event = await receive();
    if (event.type === "websocket.disconnect") return event;
  }
}

/** An opening handshake as text, without the empty line at its end. */
export function handshake(target: string, lines: readonly string[] = []): string {
  return [
    `GET ${target} HTTP/1.1`,
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...lines,
    "",
    "",
  ].join("\r\n");
}

/** A masked frame, RFC 6455 §5.2. Its payload must be shorter than 126 bytes; its mask is zero. */
export function clientFrame(first: number, payload: Uint8Array | string): Uint8Array {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  return Uint8Array.of(first, 0x80 | bytes.length, 0, 0, 0, 0, ...bytes);
}
