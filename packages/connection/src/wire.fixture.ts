import type { Receive, ReceiveEvent, Send, SendEvent, WebSocketScope } from "@ws/events";
import { Connection } from "./connection.js";

/** A scope with no extensions; `parts` stand in place of its own keys. */
export function fakeScope(parts: Partial<WebSocketScope> = {}): WebSocketScope {
  return {
    type: "websocket",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    scheme: "ws",
    path: "/",
    rawPath: "/",
    queryString: "",
    rootPath: "",
    headers: [["host", "example.org"]],
    client: { host: "127.0.0.1", port: 1 },
    server: null,
    subprotocols: [],
    state: {},
    extensions: {},
    ...parts,
  };
}

export const text = (value: string): ReceiveEvent => ({ type: "websocket.receive", text: value });
export const bytes = (...values: number[]): ReceiveEvent => ({
  type: "websocket.receive",
  bytes: Uint8Array.from(values),
});
export const json = (value: unknown): ReceiveEvent => text(JSON.stringify(value));
export const connected: ReceiveEvent = { type: "websocket.connect" };
export const disconnected = (code = 1001, reason = "away"): ReceiveEvent => ({
  type: "websocket.disconnect",
  code,
  reason,
});

/** A server's end of a connection, held by the test: it gives what was pushed, and notes what was sent. */
export class FakeWire {
  readonly sent: SendEvent[] = [];
  /** How many times an event was asked for. */
  asked = 0;
  /** What the next `send` waits for; the event counts as taken when it resolves. */
  taking: Promise<void> = Promise.resolve();
  readonly #events: ReceiveEvent[] = [];
  readonly #waiting: ((event: ReceiveEvent) => void)[] = [];
  #last: ReceiveEvent | undefined;

  readonly receive: Receive = () => {
    this.asked += 1;
    const event = this.#events.shift() ?? this.#last;
    if (event !== undefined) return Promise.resolve(event);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  };

  readonly send: Send = async (event) => {
    await this.taking;
    this.sent.push(event);
  };

  push(...events: readonly ReceiveEvent[]): this {
    for (const event of events) {
      if (event.type === "websocket.disconnect") this.#last = event;
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#events.push(event);
      else waiting(event);
    }
    return this;
  }
}

/** A connection over a fake wire that has already given `websocket.connect` and these events. */
export function fakeConnection(
  events: readonly ReceiveEvent[] = [],
  scope: Partial<WebSocketScope> = {},
): { readonly socket: Connection; readonly wire: FakeWire } {
  const wire = new FakeWire().push(connected, ...events);
  return { socket: new Connection(fakeScope(scope), wire.receive, wire.send), wire };
}

/** The same, accepted. */
export async function acceptedConnection(
  ...events: readonly ReceiveEvent[]
): Promise<{ readonly socket: Connection; readonly wire: FakeWire }> {
  const parts = fakeConnection(events);
  await parts.socket.accept();
  return parts;
}

/** What a promise rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection, got none");
}
