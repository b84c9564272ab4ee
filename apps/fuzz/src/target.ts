import { createServer, type Server } from "node:http";
import { type Duplex, duplexPair } from "node:stream";
import type { Application, ReceiveEvent } from "@ws/events";
import { type Attached, attach } from "@ws/server";
import type { Outcome } from "./compare.js";
import type { Case } from "./generate.js";
import type { Bounds } from "./oracle.js";

/** How long a connection may take; one that takes longer hangs. */
const patience = 5_000;

const request = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "",
    "",
  ].join("\r\n");

/** The server under test, whose application echoes and notes what it receives; sockets are pairs in memory. */
export class Target {
  readonly #http: Server = createServer();
  readonly #attached: Attached;
  readonly #events: Map<string, ReceiveEvent[]> = new Map();
  readonly #ended: Map<string, () => void> = new Map();
  #count = 0;

  constructor(bounds: Bounds) {
    this.#attached = attach(this.#http, this.#application, { ...bounds, pingInterval: 0, messageTimeout: 0 });
  }

  async start(): Promise<void> {
    await this.#attached.ready;
  }

  async close(): Promise<void> {
    await this.#attached.close();
  }

  readonly #application: Application = async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new TypeError(`expected a websocket scope, got ${scope.type}`);
    const events = this.#events.get(scope.path) ?? [];
    await receive();
    await send({ type: "websocket.accept" });
    for (;;) {
      const event = await receive();
      events.push(event);
      if (event.type !== "websocket.receive") break;
      // An echo that comes too late for a peer that has closed is none.
      await send({ ...event, type: "websocket.send" }).catch(() => {});
    }
    this.#ended.get(scope.path)?.();
  };

  /**
   * Plays one case on a connection of its own. The server has to end it, but for one that `isCut`: that its client
   * leaves.
   *
   * @throws {Error} where it does not end.
   */
  async play(made: Case, isCut: boolean): Promise<Outcome> {
    this.#count += 1;
    const path = `/${this.#count}`;
    const events: ReceiveEvent[] = [];
    this.#events.set(path, events);
    const over = new Promise<void>((resolve) => this.#ended.set(path, resolve));
    const [near, far] = duplexPair();
    this.#http.emit("connection", far);
    try {
      const wire = converse(near, far, request(path), made, isCut);
      const [bytes] = await inTime(Promise.all([wire, over]));
      return { events, wire: bytes };
    } finally {
      near.destroy();
      far.destroy();
      this.#events.delete(path);
      this.#ended.delete(path);
    }
  }
}

/** Writes the handshake and the chunks, and gives what the server sent behind its own handshake. */
function converse(
  near: Duplex,
  far: Duplex,
  head: string,
  { chunks, isEager }: Case,
  isCut: boolean,
): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  let isOpen = false;
  const sendAll = (): void => {
    for (const chunk of chunks) near.write(chunk);
  };
  return new Promise((resolve) => {
    // The server may have left before all of it is written.
    near.on("error", () => {});
    near.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = isOpen ? -1 : bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      isOpen = true;
      bytes = bytes.subarray(end + 4);
      if (!isEager) sendAll();
      // In a turn of its own: no network tells of the end within the call that accepts.
      if (isCut) setImmediate(() => near.end());
    });
    near.on("end", () => resolve(bytes));
    // The other half of a pair in memory is not told of it.
    far.on("close", () => setImmediate(() => resolve(bytes)));
    near.write(head);
    if (isEager) sendAll();
  });
}

async function inTime<Result>(promise: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${patience} ms`)), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
