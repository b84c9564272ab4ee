import type {
  Channel,
  ClientRequestName,
  ClientRequestOf,
  EventName,
  EventSchema,
  GivenOutput,
  In,
  MessageName,
  MessageSchema,
  Out,
  ReceivedInput,
  RequestErrors,
  RequestInput,
  RequestName,
  RequestOf,
  RequestOutput,
  TopicMessage,
  TopicName,
  TopicPresence,
} from "@ws/contract";
import type { Linked } from "../link/line.js";
import type { PostOptions } from "../link/options.js";
import type { RequestError } from "./request-error.js";
import type { CallbackOptions, SubscribeOptions, Subscription } from "./subscription.js";

export interface SendOptions extends PostOptions {
  /** Whether the message is dropped where no socket can take it at once. */
  readonly volatile?: boolean | undefined;
}

export interface RequestOptions extends PostOptions {
  /**
   * The idempotency key. Where its connection was lost the request is sent again with the same key, and a server that keeps
   * replies runs it only once.
   */
  readonly key?: string | undefined;
  /**
   * Whether the request is sent again where its connection was lost, so that it may run twice. This is for requests that the
   * contract calls `idempotent`.
   */
  readonly idempotent?: boolean | undefined;
}

/** The arguments of a request after its name. An input that may be `undefined` may be left out. */
export type RequestArguments<Input, Options = RequestOptions> = undefined extends Input
  ? [input?: Input, options?: Options]
  : [input: Input, options?: Options];

/** The names of one part of a contract. Where it has none the compiler says so, in place of asking for a `never`. */
type NameOf<Names extends string, Part extends string> =
  | Names
  | ([Names] extends [never] ? `the contract has no ${Part}` : never);

/** The client of a channel. */
export interface Client<C extends Channel> extends Linked {
  /**
   * Sends a message. It resolves with `true` when a socket has taken it, and with `false` where it was volatile and could
   * not be sent at once.
   *
   * @throws {ClientError} `ERR_WS_NOT_SENT`, `ERR_WS_OUTBOX_FULL`, `ERR_WS_MESSAGE_TOO_BIG`, `ERR_WS_CLOSED`; the reason of
   *   `signal`.
   */
  send<N extends NameOf<MessageName<C>, "toServer">>(
    name: N,
    message: In<MessageSchema<C, N>>,
    options?: SendOptions,
  ): Promise<boolean>;
  /**
   * Sends a request. It runs once at most, unless `key` or `idempotent` says otherwise.
   *
   * @throws {RequestError} the server's answer in place of a result.
   * @throws {ClientError} `ERR_WS_TIMEOUT`, `ERR_WS_CONNECTION_LOST` and the errors of `send`; the reason of `signal`.
   */
  request<N extends NameOf<RequestName<C>, "requests">>(
    name: N,
    ...given: RequestArguments<RequestInput<RequestOf<C, N>>>
  ): Promise<RequestOutput<RequestOf<C, N>>>;
  /**
   * Whether `error` is one that the contract declares for the request `name`. If so, the type of its data follows from its
   * name.
   */
  isError<N extends NameOf<RequestName<C>, "requests">>(
    name: N,
    error: unknown,
  ): error is RequestErrors<RequestOf<C, N>> extends infer E extends { name: string; data: unknown }
    ? E extends unknown
      ? RequestError<E>
      : never
    : never;
  /** Calls `listener` for each message with that name. It returns the function that ends this. */
  on<N extends NameOf<EventName<C>, "toClient">>(
    name: N,
    listener: (message: Out<EventSchema<C, N>>) => void,
  ): () => void;
  /** Answers the server's requests with that name. It returns the function that ends this. */
  handle<N extends NameOf<ClientRequestName<C>, "clientRequests">>(
    name: N,
    handler: (
      input: ReceivedInput<ClientRequestOf<C, N>>,
      context: { readonly signal: AbortSignal },
    ) => GivenOutput<ClientRequestOf<C, N>> | Promise<GivenOutput<ClientRequestOf<C, N>>>,
  ): () => void;
  /**
   * Subscribes to a topic. Several subscriptions to a topic share one membership.
   *
   * @throws {ClientError} `ERR_WS_TOO_MANY_TOPICS`; the reason of `signal`.
   */
  subscribe<N extends NameOf<TopicName<C>, "topics">>(
    topic: N,
    options?:
      | (SubscribeOptions<TopicPresence<C, N>> & { readonly onMessage?: never })
      | CallbackOptions<TopicMessage<C, N>, TopicPresence<C, N>>,
  ): Subscription<TopicMessage<C, N>, TopicPresence<C, N>>;
}
