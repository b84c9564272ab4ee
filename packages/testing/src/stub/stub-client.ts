import { type Client, createClient, RequestError } from "@ws/client";
import type {
  Channel,
  EventName,
  EventSchema,
  GivenOutput,
  In,
  ReceivedInput,
  RequestName,
  RequestOf,
  TopicMessage,
  TopicName,
} from "@ws/contract";
import { errorCode } from "@ws/contract/wire";
import { StubSocket } from "./stub-socket.js";

/** The handlers that answer a client's requests. To answer with an error, they throw a `RequestError`. */
export type StubHandlers<C extends Channel> = {
  readonly [Name in RequestName<C>]?: (
    input: ReceivedInput<RequestOf<C, Name>>,
  ) => GivenOutput<RequestOf<C, Name>> | Promise<GivenOutput<RequestOf<C, Name>>>;
};

/** A client without a server, and the functions with which a test plays the server. */
export interface Stub<C extends Channel> {
  /** The real client of `@ws/client`. */
  readonly client: Client<C>;
  /** The messages and requests that the client sent, the oldest first. */
  readonly sent: readonly { readonly name: string; readonly input: unknown }[];
  /** Publishes a message in a topic. The topic keeps all of its messages. */
  publish<N extends TopicName<C>>(topic: N, message: TopicMessage<C, N>): void;
  /** Sends a message to the client. */
  send<N extends EventName<C>>(name: N, message: In<EventSchema<C, N>>): void;
  /** Ends the client's subscription to a topic, as a server that revokes it does. */
  end(topic: TopicName<C>): void;
  /** Loses the connection, or closes it with a code. The client reacts as it always does: without a code, it reconnects. */
  cut(code?: number, reason?: string): void;
}

/**
 * A client for the test of a component: the real client, connected to handlers in place of a server. Nothing is validated.
 * `stubClient<typeof chat>({ say: () => ({ n: 1 }) })`.
 */
export function stubClient<C extends Channel>(handlers: StubHandlers<C> = {}): Stub<C> {
  const sent: { name: string; input: unknown }[] = [];
  const topics = new Map<string, unknown[]>();
  const sockets = new Set<StubSocket>();

  const logOf = (topic: string): unknown[] => {
    const log = topics.get(topic) ?? [];
    topics.set(topic, log);
    return log;
  };

  const event = (socket: StubSocket, topic: string, sequence: number): void => {
    const params = { topic, at: `stub.${sequence}`, data: logOf(topic)[sequence - 1] };
    socket.tell({ method: "$/event", params });
  };

  const subscribe = (socket: StubSocket, topic: string, from: string | undefined): unknown => {
    const log = logOf(topic);
    socket.topics.add(topic);
    const first = from === undefined ? log.length : Number(from.slice("stub.".length));
    for (let sequence = first + 1; sequence <= log.length; sequence += 1) event(socket, topic, sequence);
    return { at: `stub.${log.length}`, recovered: true, resumable: true };
  };

  const answer = async (socket: StubSocket, method: string, params: unknown): Promise<unknown> => {
    const { from, topic } = Object(params) as { topic: string; from?: string };
    if (method === "$/subscribe") return subscribe(socket, topic, from);
    if (method === "$/unsubscribe") socket.topics.delete(topic);
    if (method.startsWith("$/")) return null;
    sent.push({ name: method, input: params });
    const handler = (handlers as Record<string, ((input: unknown) => unknown) | undefined>)[method];
    if (!handler) throw new RequestError("", undefined, `the stub has no handler ${method}`, -32601);
    return (await handler(params)) ?? null;
  };

  const client = createClient<C>("ws://stub/", {
    retryDelay: () => 0,
    WebSocket: class extends StubSocket {
      constructor() {
        super((socket, { id, method, params }) => {
          if (id === undefined) {
            if (!method.startsWith("$/")) sent.push({ name: method, input: params });
            return;
          }
          answer(socket, method, params).then(
            (result) => socket.tell({ id, result }),
            ({ data, message, status = -32603 }) => {
              socket.tell({ id, error: { code: status, message, data } });
            },
          );
        });
        sockets.add(this);
        this.onEnd = () => sockets.delete(this);
      }
    },
  });

  return {
    client,
    sent,
    publish(topic, message) {
      const count = logOf(topic).push(message);
      for (const socket of sockets) if (socket.topics.has(topic)) event(socket, topic, count);
    },
    send(name, message) {
      for (const socket of sockets) socket.tell({ method: name, params: message });
    },
    end(topic) {
      const params = { topic, code: errorCode.notAllowed, message: "revoked" };
      for (const socket of sockets)
        if (socket.topics.delete(topic)) socket.tell({ method: "$/ended", params });
    },
    cut(code, reason) {
      for (const socket of sockets) socket.drop(code, reason);
    },
  };
}
