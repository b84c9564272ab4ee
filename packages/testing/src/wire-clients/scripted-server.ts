import assert from "node:assert/strict";
import { subprotocol } from "@ws/contract/wire";
import type { Application, Send, WebSocketScope } from "@ws/events";
import { defaultTimeout } from "../client/wait.js";
import { within } from "../driver/within.js";
import { loopback } from "../transports/loopback.js";
import type { Endpoint } from "../transports/transport.js";
import type { WireFrame } from "../wire/target.js";
import { Queue } from "./queue.js";

const patient = <T>(promise: Promise<T>, what: string): Promise<T> => within(promise, what, defaultTimeout());

/** A text of the client, read. One that is no JSON-RPC is no frame that any test waits for. */
function frameOf(text: string): WireFrame {
  try {
    const { jsonrpc, ...frame } = JSON.parse(text) as WireFrame & { readonly jsonrpc: unknown };
    if (jsonrpc === "2.0") return frame;
  } catch {
    // It is told below.
  }
  return { method: `no JSON-RPC: ${text}` };
}

/** One connection of the client under test, whose server's end the test plays. */
export class Peer {
  /** The subprotocols that the client offered. */
  readonly offered: readonly string[];
  readonly #send: Send;
  readonly #frames = new Queue<WireFrame | undefined>();
  isOpen = true;

  constructor(scope: WebSocketScope, send: Send) {
    this.offered = scope.subprotocols;
    this.#send = send;
  }

  /** The next frame of the client. A ping is answered, and is none. */
  async next(what = "a frame of the client"): Promise<WireFrame> {
    const frame = await patient(this.#frames.take(), what);
    assert.ok(frame, `expected ${what}, got the end of the connection`);
    return frame;
  }

  /** The next frame, which must have that method. */
  async asked(method: string): Promise<WireFrame> {
    const frame = await this.next(method);
    assert.equal(frame.method, method, `expected ${method}, got ${JSON.stringify(frame)}`);
    return frame;
  }

  /** Waits until the client has closed the connection. */
  async closed(): Promise<void> {
    while ((await patient(this.#frames.take(), "a close of the connection")) !== undefined);
  }

  /** Waits until the client has read what it was sent. */
  async read(): Promise<void> {
    await this.tell({ id: "read", method: "$/ping" });
    const { id } = await this.next();
    assert.equal(id, "read", "expected an answer to $/ping");
  }

  async tell(frame: WireFrame): Promise<void> {
    await this.text(JSON.stringify({ jsonrpc: "2.0", ...frame }));
  }

  async text(text: string): Promise<void> {
    await this.#send({ type: "websocket.send", text });
  }

  /** Answers a request. */
  reply({ id }: WireFrame, result: unknown): Promise<void> {
    return this.tell({ id: id as number, result });
  }

  /** Answers a subscription. */
  joined(request: WireFrame, at: string, resumable = true): Promise<void> {
    return this.reply(request, { at, recovered: resumable, resumable });
  }

  event(topic: string, at: string, data?: unknown): Promise<void> {
    return this.tell({ method: "$/event", params: { topic, at, ...(data !== undefined && { data }) } });
  }

  async close(code: number): Promise<void> {
    await this.#send({ type: "websocket.close", code });
  }

  /** A text that came; `undefined` for the end. */
  took(text: string | undefined): void {
    this.isOpen = text !== undefined;
    const frame = text === undefined ? undefined : frameOf(text);
    // A client that has left before it needs no answer.
    if (frame?.method === "$/ping") this.reply(frame, null).catch(() => {});
    else this.#frames.put(frame);
  }
}

/** A server that does what a test says. */
export class ScriptedServer {
  readonly #peers = new Queue<Peer>();
  readonly #endpoint: Endpoint;

  private constructor(endpoint: Endpoint, peers: Queue<Peer>) {
    this.#endpoint = endpoint;
    this.#peers = peers;
  }

  static async start(): Promise<ScriptedServer> {
    const peers = new Queue<Peer>();
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") return;
      const peer = new Peer(scope, send);
      await receive();
      await send({ type: "websocket.accept", subprotocol: subprotocol });
      peers.put(peer);
      for (let event = await receive(); event.type === "websocket.receive"; event = await receive()) {
        peer.took(event.text ?? "bytes");
      }
      peer.took(undefined);
    };
    return new ScriptedServer(await loopback.start(application, {}), peers);
  }

  get url(): string {
    return `${this.#endpoint.url}/`;
  }

  /** The next connection of the client, before the server says hello. */
  connected(): Promise<Peer> {
    return patient(this.#peers.take(), "a connection of the client");
  }

  /** The next connection of the client, greeted. */
  async greeted(): Promise<Peer> {
    const peer = await this.connected();
    await peer.tell({ method: "$/hello", params: { maxMessage: 1_048_576, topics: 256 } });
    return peer;
  }

  async close(): Promise<void> {
    await this.#endpoint.close({ grace: 100 });
  }
}
