import type { Channel } from "@ws/contract";
import { subprotocol } from "@ws/contract/wire";
import { ClientError } from "../link/client-error.js";
import { emit } from "../link/emit.js";
import { createLine } from "../link/line.js";
import { signedOut } from "../link/link.js";
import type { Address, AddressOf } from "../link/options.js";
import type { Data } from "../link/web-socket.js";
import { isOpen, type Wire } from "../link/wire.js";
import { createAnswering } from "./answering.js";
import type { Client, RequestOptions, SendOptions } from "./client.js";
import { frameOf } from "./frame.js";
import type { ClientOptions } from "./options.js";
import { createRenewal, type Renewal } from "./renewal.js";
import { RequestError, requestError } from "./request-error.js";
import { type Answer, createTopics } from "./topics.js";

/** A question that was put, and whose answer is waited for. */
interface Call {
  /** Over which it was put. */
  readonly wire: Wire;
  /** How many messages went before it over that. */
  readonly before: number;
  readonly done?: ((answer: Answer) => void) | undefined;
}

/** What came, in whatever form. */
interface Frame extends Answer {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: never;
}

type Listener = (message: unknown) => void;
const nobody: ReadonlySet<Listener> = new Set();

/** The other end of a channel. Nothing is dialed before `connect`, or the first message, request or subscription. */
export function createClient<C extends Channel>(
  address: Address | AddressOf<C>,
  options: ClientOptions = {},
): Client<C> {
  const { bytes, pingInterval = 25_000, token } = options;
  const calls = new Map<number | string, Call>();
  const events = new Map<string, Set<Listener>>();
  const { asked, cancelled, handle } = createAnswering();
  let ids = 0;
  let maxMessage: number | undefined;

  const call = (id: number | string, wire: Wire, done: Call["done"]): void => {
    calls.set(id, { wire, before: wire.sent, done });
  };

  const ask = (wire: Wire, method: string, params: object, done?: Call["done"]): void => {
    ids += 1;
    call(ids, wire, done);
    wire.socket?.send(frameOf({ id: ids, method, params }));
  };

  const topics = createTopics({
    ask,
    wire: () => link.current ?? link.attempt,
    start: () => link.start(),
  });

  const renewal: Renewal | undefined =
    token &&
    createRenewal(token, (fresh) => {
      const { current } = link;
      if (fresh === null) return link.close(signedOut);
      // Between two connections there is nothing to renew: the next one begins with a token of its own.
      if (!current) return;
      ask(current, "$/authenticate", { token: fresh }, ({ result }) => {
        renewal?.plan((result as { expiresIn?: number } | undefined)?.expiresIn);
      });
    });

  /** Closes the connections that were replaced and owe nothing any more. */
  const release = (): void => {
    if (!link.wires[1]) return;
    const kept = new Set([link.current, link.attempt]);
    for (const { wire } of calls.values()) kept.add(wire);
    for (const { old } of topics.all.values()) kept.add(old);
    for (const wire of link.wires) if (!kept.has(wire)) link.lose(wire, 1000, "");
  };

  const greeted = (wire: Wire, hello: { maxMessage?: number; expiresIn?: number }): void => {
    maxMessage = hello.maxMessage;
    // A successor takes the topics over before anything else is sent.
    if (link.current && wire === link.attempt) topics.joinAll(wire);
    link.ready(wire);
    renewal?.plan(hello.expiresIn);
    release();
  };

  const notified = (wire: Wire, method: string, params: never): void => {
    if (method === "$/hello") greeted(wire, params);
    else if (method === "$/drain") link.drain(wire, (params as { within: number }).within);
    else if (method === "$/cancelRequest") cancelled((params as { id: number }).id);
    else if (method.startsWith("$/")) topics.notified(wire, method, params);
    else emit(events.get(method) ?? nobody, params);
  };

  const replied = (id: number | string, answer: Answer): void => {
    const found = calls.get(id);
    if (!found) return;
    const { before, done, wire } = found;
    wire.confirmed = Math.max(wire.confirmed, before);
    // Whatever was asked since then shows that our bytes arrive. A key is no number, and shows nothing.
    if (Number(id) >= wire.asked) wire.asked = 0;
    calls.delete(id);
    done?.(answer);
    release();
  };

  const line = createLine(address, options, {
    every: pingInterval,
    ping(wire) {
      ask(wire, "$/ping", {});
      wire.asked = ids;
    },
    async protocols(wire, rejected) {
      if (!token) return [subprotocol];
      wire.fetching = new AbortController();
      const own = await token({ rejected, signal: wire.fetching.signal });
      return own === null ? null : [subprotocol, `bearer.${own}`];
    },
    renews: !!token,
    opened(wire) {
      if (!link.current) topics.joinAll(wire);
    },
    received(wire, data) {
      if (typeof data !== "string") {
        const message = bytes?.split(new Uint8Array(data));
        if (message) emit(events.get(message.name) ?? nobody, message.payload);
        return;
      }
      try {
        const { id, method, params = {} as never, ...answer }: Frame = JSON.parse(data);
        if (method === undefined) replied(id ?? "", answer);
        else if (id === undefined) notified(wire, method, params);
        else void asked(wire, id, method, params);
      } catch {
        // What is not of the protocol says nothing. A message of a topic that was lost so shows as a gap.
      }
    },
    write(entry, socket, wire) {
      const { data, id, name, size } = entry;
      if (size > Number(maxMessage)) {
        return entry.settle(new ClientError("MESSAGE_TOO_BIG", `${size} bytes of ${maxMessage}`));
      }
      socket.send(data as Data);
      if (id === undefined) wire.sent += 1;
      else {
        entry.wire = wire;
        entry.sentAt = Date.now();
        call(id, wire, ({ error, result }) => entry.settle(error && requestError(error, name), result));
      }
    },
    givenUp({ id, sentAt, wire }, isTimeout) {
      if (!isOpen(wire)) return;
      wire.socket.send(frameOf({ method: "$/cancelRequest", params: { id } }));
      // Where other messages came since then, its reply may be behind them.
      if (isTimeout && wire === link.current) link.probe(wire, wire.heard < Number(sentAt) ? 5_000 : 10_000);
    },
    lost(wire, code) {
      for (const entry of line.entries) {
        if (entry.wire !== wire) continue;
        entry.wire = undefined;
        if (!entry.again || code === 1009) {
          entry.settle(new ClientError("CONNECTION_LOST", "before the reply", true));
        }
      }
      for (const [id, { wire: over }] of calls) if (over === wire) calls.delete(id);
      topics.lost(wire);
      // What a predecessor leaves behind is its successor's.
      line.flush();
    },
    closed(error) {
      renewal?.stop();
      topics.close(error);
    },
  });
  const { link } = line;

  return Object.assign(line.api, {
    async send(name: string, message: unknown, how: SendOptions = {}) {
      if (how.volatile && !line.isFree()) return false;
      const isBytes = message instanceof Uint8Array;
      if (isBytes && !bytes) throw new TypeError("bytes need the option bytes of @ws/client/bytes");
      const data = isBytes && bytes ? bytes.join(name, message) : frameOf({ method: name, params: message });
      return line.post(data, how);
    },
    async request(name: string, input: unknown, { key, idempotent, ...how }: RequestOptions = {}) {
      ids += 1;
      const id = key ?? ids;
      const data = frameOf({ id, method: name, params: input });
      if (key !== undefined && [...line.entries].some((entry) => entry.id === key)) {
        throw new TypeError(`a request with the key ${id} is under way`);
      }
      try {
        return await line.post(data, how, { id, name, again: idempotent || key !== undefined });
      } finally {
        calls.delete(id);
      }
    },
    isError: (name: string, error: unknown) =>
      error instanceof RequestError && error.status === 1 && error.request === name,
    on(name: string, listener: Listener) {
      const listeners = events.get(name) ?? new Set();
      events.set(name, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    handle,
    subscribe: topics.subscribe,
  }) as never;
}
