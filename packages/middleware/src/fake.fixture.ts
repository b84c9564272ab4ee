import type {
  HttpScope,
  LifespanScope,
  Receive,
  ReceiveEvent,
  Send,
  SendEvent,
  WebSocketScope,
} from "@ws/events";

const shared = {
  asgi: { version: "3.0", specVersion: "2.5" },
  httpVersion: "1.1",
  path: "/ws/",
  rawPath: "/ws/",
  queryString: "",
  rootPath: "",
  headers: [["host", "localhost"]],
  client: null,
  server: null,
  state: {},
  extensions: { "websocket.http.response": {} },
} as const;

export function webSocketScope(given: Partial<WebSocketScope> = {}): WebSocketScope {
  return { type: "websocket", scheme: "ws", subprotocols: [], ...shared, ...given };
}

export function httpScope(given: Partial<HttpScope> = {}): HttpScope {
  return { type: "http", scheme: "http", method: "GET", ...shared, ...given };
}

export const lifespanScope: LifespanScope = { type: "lifespan", asgi: shared.asgi, state: {} };

export const connect: ReceiveEvent = { type: "websocket.connect" };
export const disconnect: ReceiveEvent = { type: "websocket.disconnect", code: 1006, reason: "" };

/** A server of no rules: gives these events, the last of them again and again, and keeps what it is sent. */
export class FakeServer {
  readonly sent: SendEvent[] = [];
  readonly #events: ReceiveEvent[];
  /** How often an event was asked for. */
  asked = 0;

  constructor(...events: ReceiveEvent[]) {
    this.#events = events;
  }

  readonly receive: Receive = async () => {
    this.asked += 1;
    const [event] = this.#events.length > 1 ? this.#events.splice(0, 1) : this.#events;
    if (event === undefined) throw new Error("the fake server has no events");
    return event;
  };

  readonly send: Send = async (event) => {
    this.sent.push(event);
  };
}

/** Numbers from 0 up to 1 that are the same in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    // A linear congruential generator, Numerical Recipes §7.1.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
