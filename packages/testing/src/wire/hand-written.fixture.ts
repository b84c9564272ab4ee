import { formatPosition, joinBinary, parsePosition, splitBinary, subprotocol } from "@ws/contract/wire";
import type { Application, Send, WebSocketReceiveEvent, WebSocketScope } from "@ws/events";

// A server of the reference channel that is written by hand, on events alone: the suite holds for servers that know nothing of
// our packages.

type Json = Record<string, unknown>;

class WireError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** A topic of one room: all that was published, and who listens. */
class Log {
  readonly items: unknown[] = [];
  readonly listeners = new Set<(sequence: number, data: unknown) => void>();

  publish(data: unknown): void {
    this.items.push(data);
    for (const listener of this.listeners) listener(this.items.length, data);
  }
}

class Room {
  readonly topics = new Map<string, Log>();
  readonly notes: unknown[] = [];
  readonly replies = new Map<string, { readonly asked: string; readonly reply: string }>();
  count = 0;

  topic(name: string): Log {
    const log = this.topics.get(name) ?? new Log();
    this.topics.set(name, log);
    return log;
  }
}

const epoch = "handmade";
const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isId = (id: unknown): boolean => Number.isSafeInteger(id) || (typeof id === "string" && id !== "");

/** One client. */
class Peer {
  readonly #room: Room;
  readonly #send: Send;
  readonly #waiting = new Set<unknown>();
  readonly #subscriptions = new Map<string, () => void>();
  readonly #asked = new Map<number, (result: unknown) => void>();
  #malformed = 0;
  isClosed = false;

  constructor(room: Room, send: Send) {
    this.#room = room;
    this.#send = send;
  }

  send(frame: Json): void {
    void this.#send({ type: "websocket.send", text: JSON.stringify({ jsonrpc: "2.0", ...frame }) });
  }

  end(): void {
    for (const leave of this.#subscriptions.values()) leave();
  }

  take({ text, bytes }: WebSocketReceiveEvent): void {
    if (text === undefined) {
      const payload = splitBinary(bytes)?.payload ?? new Uint8Array(0);
      void this.#send({ type: "websocket.send", bytes: joinBinary("picture", payload) });
      return;
    }
    const problem = this.#read(text);
    if (problem === undefined) {
      this.#malformed = 0;
      return;
    }
    this.#malformed += 1;
    this.send({ id: null, error: problem });
    if (this.#malformed < 10) return;
    this.isClosed = true;
    void this.#send({ type: "websocket.close", code: 1008 });
  }

  /** What is wrong with a text; `undefined` where it was understood. */
  #read(text: string): Json | undefined {
    let frame: unknown;
    try {
      if (/\[{100}/.test(text)) throw new Error("too deep");
      frame = JSON.parse(text);
    } catch {
      return { code: -32700, message: "no JSON" };
    }
    const bad = { code: -32600, message: "no JSON-RPC" };
    if (!isRecord(frame) || frame["jsonrpc"] !== "2.0") return bad;
    const { id, method, params = {} } = frame;
    if ("id" in frame && !isId(id)) return bad;
    if (!("method" in frame)) return this.#answered(frame) ? undefined : bad;
    if (typeof method !== "string") return bad;
    if ("id" in frame) this.#request(id as number | string, method, params);
    else this.#message(method, params as Json);
    return undefined;
  }

  #answered({ id, result, error }: Json): boolean {
    if (id === undefined || (result === undefined && error === undefined)) return false;
    this.#asked.get(id as number)?.(result);
    return true;
  }

  #message(method: string, params: Json): void {
    if (method === "note") this.#room.notes.push(params["n"]);
    if (method === "tell") this.send({ method: "told", params });
    if (method === "$/cancelRequest" && this.#waiting.delete(params["id"])) {
      this.send({ id: params["id"], error: { code: -32800, message: "cancelled" } });
    }
  }

  #request(id: number | string, method: string, params: unknown): void {
    const key = typeof id === "string" ? this.#room.replies.get(id) : undefined;
    const asked = JSON.stringify([method, params]);
    try {
      if (!isRecord(params)) throw new WireError(-32602, "expected an object");
      if (this.#waiting.has(id)) throw new WireError(-32600, "under way");
      if (key !== undefined && key.asked !== asked) throw new WireError(-32600, "another input");
      const result = key === undefined ? this.#run(id, method, params) : JSON.parse(key.reply);
      if (result === undefined) return;
      if (typeof id === "string") this.#room.replies.set(id, { asked, reply: JSON.stringify(result) });
      this.send({ id, result });
    } catch (error) {
      const { code = -32603, message, data } = error as WireError;
      this.send({
        id,
        error: {
          code,
          message: code === -32603 ? "internal error" : message,
          ...(data !== undefined && { data }),
        },
      });
    }
  }

  /** The result of a request; `undefined` where it comes later. */
  #run(id: number | string, method: string, params: Json): unknown {
    const room = this.#room;
    switch (method) {
      case "$/ping":
      case "nothing":
        return null;
      case "echo":
        return params;
      case "fail":
        if (typeof params["reason"] === "string") throw new WireError(1, "failed", params);
        throw new WireError(-32602, "bad input", {
          issues: [{ path: "reason", message: "expected a text" }],
        });
      case "crash":
        throw new Error("the password is 1234");
      case "wait":
        this.#waiting.add(id);
        return undefined;
      case "notes":
        return { notes: room.notes };
      case "count":
        room.count += Number(params["by"]);
        return { count: room.count };
      case "publish":
        room.topic("log").publish(params);
        return null;
      case "ask":
        this.#asked.set(1, (result) => this.send({ id, result: { confirmed: result } }));
        this.send({ id: 1, method: "confirm", params });
        return undefined;
      case "$/subscribe":
        return this.#subscribe(params);
      case "$/unsubscribe":
        this.#subscriptions.get(String(params["topic"]))?.();
        this.#subscriptions.delete(String(params["topic"]));
        return null;
      default:
        throw new WireError(-32601, "unknown");
    }
  }

  #subscribe({ topic, from, presence }: Json): unknown {
    const name = String(topic);
    const after = typeof from === "string" ? parsePosition(from) : undefined;
    if (!/^(log|quick|secret|page\/(0|[1-9]\d*))$/.test(name)) throw new WireError(-32602, "no such topic");
    if ((from !== undefined && after === undefined) || presence === true)
      throw new WireError(-32602, "bad input");
    if (name === "secret") throw new WireError(-32001, "not allowed");
    if (this.#subscriptions.has(name)) throw new WireError(-32600, "subscribed already");
    if (this.#subscriptions.size >= 256) throw new WireError(-32000, "too many");
    const log = this.#room.topic(name);
    const event = (sequence: number, data: unknown): void =>
      this.send({
        method: "$/event",
        params: { topic: name, at: formatPosition({ epoch, sequence }), data },
      });
    const resumable = name === "log";
    const recovered = from === undefined || (resumable && after?.epoch === epoch);
    if (resumable && !recovered) {
      this.send({ method: "$/gap", params: { topic: name, reason: "history", missed: null, after: from } });
    } else if (after !== undefined && resumable) {
      for (const [index, data] of log.items.slice(after.sequence).entries())
        event(after.sequence + index + 1, data);
    }
    // What is published in the same turn comes behind the reply.
    log.listeners.add(event);
    this.#subscriptions.set(name, () => log.listeners.delete(event));
    return { at: formatPosition({ epoch, sequence: log.items.length }), recovered, resumable };
  }
}

/** Serves `/wire/<room>/`. */
export function handWritten(): Application {
  const rooms = new Map<string, Room>();
  const roomOf = ({ path }: WebSocketScope): Room => {
    const room = rooms.get(path) ?? new Room();
    rooms.set(path, room);
    return room;
  };
  return async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new Error("only websockets");
    await receive();
    const isOffered = scope.subprotocols.includes(subprotocol);
    if (!isOffered && scope.subprotocols.length > 0) return await send({ type: "websocket.close" });
    await send({ type: "websocket.accept", ...(isOffered && { subprotocol }) });
    const peer = new Peer(roomOf(scope), send);
    if (isOffered) peer.send({ method: "$/hello", params: { maxMessage: 1_048_576, topics: 256 } });
    for (;;) {
      const event = await receive();
      if (event.type !== "websocket.receive") return peer.end();
      if (!peer.isClosed) peer.take(event);
    }
  };
}
