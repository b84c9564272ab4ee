import assert from "node:assert/strict";
import { subprotocol } from "@ws/contract/wire";
import type { WireFrame, WireSocket, WireTarget } from "./target.js";

let rooms = 0;

/** The name of a room that nobody has used. */
export function newRoom(): string {
  rooms += 1;
  return `room-${process.pid}-${rooms}`;
}

/** A client that writes the protocol by hand, so that it can break its rules. */
export class RawClient {
  readonly socket: WireSocket;
  readonly room: string;
  #last = 0;

  constructor(socket: WireSocket, room: string) {
    this.socket = socket;
    this.room = room;
  }

  async notify(method: string, params?: object): Promise<void> {
    await this.send({ method, params });
  }

  async send(frame: object): Promise<void> {
    await this.socket.sendText(JSON.stringify({ jsonrpc: "2.0", ...frame }));
  }

  /** Sends a request, and returns its id. */
  async ask(method: string, params?: object, id?: number | string): Promise<number | string> {
    this.#last += 1;
    const own = id ?? this.#last;
    await this.send({ id: own, method, params });
    return own;
  }

  /** The next frame. */
  async next(): Promise<WireFrame> {
    const text = await this.socket.receiveText();
    const { jsonrpc, ...frame } = JSON.parse(text) as WireFrame & { readonly jsonrpc: string };
    assert.equal(jsonrpc, "2.0", `expected a JSON-RPC message, got ${text}`);
    return frame;
  }

  async frames(count: number): Promise<readonly WireFrame[]> {
    const frames: WireFrame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** Sends a request, and returns the next frame, which must be its reply. */
  async request(method: string, params?: object, id?: number | string): Promise<WireFrame> {
    const asked = await this.ask(method, params, id);
    const reply = await this.next();
    assert.equal(reply.id, asked, `expected the reply to ${method}, got ${JSON.stringify(reply)}`);
    return reply;
  }

  /** The code of the error in the reply to a request; `undefined` for a result. */
  async codeOf(method: string, params?: object): Promise<number | undefined> {
    return (await this.request(method, params)).error?.code;
  }
}

/** Connects, and reads the hello. */
export async function greeted(target: WireTarget, room: string = newRoom()): Promise<RawClient> {
  const client = new RawClient(await target.open(room, [subprotocol]), room);
  assert.equal((await client.next()).method, "$/hello", "expected $/hello as the first frame");
  return client;
}

/** One rule of the protocol, as a test of any server. */
export interface WireCase {
  readonly name: string;
  run(target: WireTarget): Promise<void>;
}
