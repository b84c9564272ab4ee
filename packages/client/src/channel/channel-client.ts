import { subprotocol } from "@ws/contract/wire";
import { ClientError } from "../link/client-error.js";
import { emit } from "../link/emit.js";
import { type Entry, Line } from "../link/line.js";
import { signedOut } from "../link/link.js";
import type { Address } from "../link/options.js";
import type { Data, WebSocketLike } from "../link/web-socket.js";
import { isOpen, type Wire } from "../link/wire.js";
import { Answering, type Handler } from "./answering.js";
import type { RequestOptions, SendOptions } from "./client.js";
import { frameOf } from "./frame.js";
import type { ClientOptions } from "./options.js";
import { createRenewal, type Renewal } from "./renewal.js";
import { RequestError, requestError } from "./request-error.js";
import type { SubscribeOptions, Subscription } from "./subscription.js";
import { type Answer, Topics } from "./topics.js";

/** A request that was sent and has not been answered. */
interface Call {
  /** The connection over which it was sent. */
  readonly wire: Wire;
  /** How many messages were sent over that connection before it. */
  readonly before: number;
  readonly done?: ((answer: Answer) => void) | undefined;
}

/** A frame of any kind. */
interface Frame extends Answer {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: never;
}

type Listener = (message: unknown) => void;

/** The client's end of a channel: messages, requests and their replies, topics. Users see it as a `Client`. */
export class ChannelClient extends Line {
  declare readonly options: ClientOptions;
  readonly #calls = new Map<number | string, Call>();
  readonly #topics = new Topics(this);
  readonly #answering = new Answering();
  readonly #renewal: Renewal | undefined;
  /** Made for the first listener. */
  #events: Map<string, Set<Listener>> | undefined;
  #ids = 0;
  #maxMessage: number | undefined;

  constructor(address: Address, options: ClientOptions) {
    super(address, options, options.pingInterval ?? 25_000);
    const { token } = options;
    this.#renewal = token && createRenewal(token, (fresh) => this.#renew(fresh));
    this.obeySignal();
  }

  readonly send = async (name: string, message: unknown, how: SendOptions = {}): Promise<unknown> => {
    const { bytes } = this.options;
    if (how.volatile && !this.isFree()) return false;
    const isBytes = message instanceof Uint8Array;
    if (isBytes && !bytes) throw new TypeError("bytes need the option bytes of @ws/client/bytes");
    const data = isBytes && bytes ? bytes.join(name, message) : frameOf({ method: name, params: message });
    return this.post(data, how);
  };

  readonly request = async (name: string, input: unknown, options: RequestOptions = {}): Promise<unknown> => {
    const { key, idempotent, ...how } = options;
    this.#ids += 1;
    const id = key ?? this.#ids;
    const data = frameOf({ id, method: name, params: input });
    if (key !== undefined && [...this.entries].some((entry) => entry.id === key)) {
      throw new TypeError(`a request with the key ${id} is under way`);
    }
    try {
      return await this.post(data, how, { id, name, again: idempotent || key !== undefined });
    } finally {
      this.#calls.delete(id);
    }
  };

  isError(name: string, error: unknown): boolean {
    return error instanceof RequestError && error.status === 1 && error.request === name;
  }

  readonly on = (name: string, listener: Listener): (() => void) => {
    this.#events ??= new Map();
    const listeners = this.#events.get(name) ?? new Set();
    this.#events.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  };

  readonly handle = (name: string, handler: Handler): (() => void) => {
    return this.#answering.handle(name, handler);
  };

  readonly subscribe = (name: string, options?: SubscribeOptions): Subscription => {
    return this.#topics.subscribe(name, options);
  };

  /** Sends a request of the protocol's own. Where the connection is lost there is no answer. */
  ask(wire: Wire, method: string, params: object, done?: Call["done"]): void {
    this.#ids += 1;
    this.#call(this.#ids, wire, done);
    wire.socket?.send(frameOf({ id: this.#ids, method, params }));
  }

  override renews(): boolean {
    return !!this.#renewal;
  }

  ping(wire: Wire): void {
    this.ask(wire, "$/ping", {});
    wire.asked = this.#ids;
  }

  async protocols(wire: Wire, rejected: boolean): Promise<string[] | null> {
    if (!this.options.token) return [subprotocol];
    wire.fetching = new AbortController();
    const own = await this.options.token({ rejected, signal: wire.fetching.signal });
    return own === null ? null : [subprotocol, `bearer.${own}`];
  }

  opened(wire: Wire): void {
    if (!this.current) this.#topics.joinAll(wire);
  }

  received(wire: Wire, data: string | ArrayBuffer): void {
    if (typeof data !== "string") {
      const message = this.options.bytes?.split(new Uint8Array(data));
      if (message) this.#emit(message.name, message.payload);
      return;
    }
    try {
      const { id, method, params = {} as never, ...answer }: Frame = JSON.parse(data);
      if (method === undefined) this.#replied(id ?? "", answer);
      else if (id === undefined) this.#notified(wire, method, params);
      else void this.#answering.asked(wire, id, method, params);
    } catch {
      // A frame that does not follow the protocol is ignored. If it was a message of a topic, the loss shows as a gap.
    }
  }

  write(entry: Entry, socket: WebSocketLike, wire: Wire): void {
    const { data, id, name, size } = entry;
    if (size > Number(this.#maxMessage)) {
      return entry.settle(new ClientError("MESSAGE_TOO_BIG", `${size} bytes of ${this.#maxMessage}`));
    }
    socket.send(data as Data);
    if (id === undefined) wire.sent += 1;
    else {
      entry.wire = wire;
      entry.sentAt = Date.now();
      this.#call(id, wire, ({ error, result }) => entry.settle(error && requestError(error, name), result));
    }
  }

  override givenUp({ id, sentAt, wire }: Entry, isTimeout: boolean): void {
    if (!isOpen(wire)) return;
    wire.socket.send(frameOf({ method: "$/cancelRequest", params: { id } }));
    // Where other messages have come since, the reply may be waiting behind them.
    if (isTimeout && wire === this.current) this.probe(wire, wire.heard < Number(sentAt) ? 5_000 : 10_000);
  }

  override lost(wire: Wire, code: number): void {
    for (const entry of this.entries) {
      if (entry.wire !== wire) continue;
      entry.wire = undefined;
      if (!entry.again || code === 1009) {
        entry.settle(new ClientError("CONNECTION_LOST", "before the reply", true));
      }
    }
    for (const [id, { wire: over }] of this.#calls) if (over === wire) this.#calls.delete(id);
    this.#topics.lost(wire);
    // What an earlier connection did not finish is sent over the new one.
    this.flush();
  }

  closed(error: ClientError | undefined): void {
    this.#renewal?.stop();
    this.#topics.close(error);
  }

  #call(id: number | string, wire: Wire, done: Call["done"]): void {
    this.#calls.set(id, { wire, before: wire.sent, done });
  }

  #emit(name: string, message: unknown): void {
    const listeners = this.#events?.get(name);
    if (listeners) emit(listeners, message);
  }

  #renew(token: string | null): void {
    const { current } = this;
    if (token === null) return this.end(signedOut);
    // Between two connections there is nothing to renew: the next connection begins with a new token.
    if (!current) return;
    this.ask(current, "$/authenticate", { token }, ({ result }) => {
      this.#renewal?.plan((result as { expiresIn?: number } | undefined)?.expiresIn);
    });
  }

  /** Closes replaced connections that have no answers left to give. */
  #release(): void {
    if (!this.wires[1]) return;
    const kept = new Set([this.current, this.attempt]);
    for (const { wire } of this.#calls.values()) kept.add(wire);
    for (const { old } of this.#topics.all.values()) kept.add(old);
    for (const wire of this.wires) if (!kept.has(wire)) this.lose(wire, 1000, "");
  }

  #greeted(wire: Wire, hello: { maxMessage?: number; expiresIn?: number }): void {
    this.#maxMessage = hello.maxMessage;
    // A new connection joins all topics before anything else is sent.
    if (this.current && wire === this.attempt) this.#topics.joinAll(wire);
    this.ready(wire);
    this.#renewal?.plan(hello.expiresIn);
    this.#release();
  }

  #notified(wire: Wire, method: string, params: never): void {
    if (method === "$/hello") this.#greeted(wire, params);
    else if (method === "$/drain") this.drain(wire, (params as { within: number }).within);
    else if (method === "$/cancelRequest") this.#answering.cancelled((params as { id: number }).id);
    else if (method.startsWith("$/")) this.#topics.notified(wire, method, params);
    else this.#emit(method, params);
  }

  #replied(id: number | string, answer: Answer): void {
    const found = this.#calls.get(id);
    if (!found) return;
    const { before, done, wire } = found;
    wire.confirmed = Math.max(wire.confirmed, before);
    // A reply to a request that was sent after the ping shows that our bytes arrive. A key is no number, and shows nothing.
    if (Number(id) >= wire.asked) wire.asked = 0;
    this.#calls.delete(id);
    done?.(answer);
    this.#release();
  }
}
