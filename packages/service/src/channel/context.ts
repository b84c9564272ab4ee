import type { Connection } from "@ws/connection";
import type {
  Channel,
  ClientRequestName,
  ClientRequestOf,
  ErrorData,
  EventName,
  EventSchema,
  In,
  ParamsOf,
  RequestErrors,
  RequestInput,
  RequestOutput,
} from "@ws/contract";
import type { UnknownState } from "@ws/events";

/** Options of a request to the client. */
export interface ClientCallOptions {
  /** How long the client may take, in ms; by default the channel's `clientTimeout`. */
  readonly timeout?: number | undefined;
  /** Ends the wait: the client is told that the answer is no longer needed. */
  readonly signal?: AbortSignal | undefined;
}

/** What every handler of a channel is given in addition to its message. */
export interface Context<C extends Channel = Channel, State extends object = UnknownState> {
  /** The parameters of the channel's path. */
  readonly params: ParamsOf<C["pattern"]>;
  /** The state, as middleware has filled it. */
  readonly state: State;
  /** The user that `authenticate` let in; after a renewal, the user of the last token. */
  readonly user: State extends { readonly user: infer User } ? User : unknown;
  readonly socket: Connection<State>;
  /**
   * A signal that is aborted when the result is no longer needed: the client cancelled, the time is over, or the connection
   * is gone. The end of the connection does not abort a request with an idempotency key, because the client will ask for it
   * again.
   */
  readonly signal: AbortSignal;
  /**
   * Sends a message to this connection.
   *
   * @throws {ProtocolError} `ERR_WS_EVENT_INVALID` for a message that does not match the contract.
   * @throws {ConnectionClosed} where the connection has ended.
   */
  send<Name extends EventName<C>>(name: Name, message: In<EventSchema<C, Name>>): Promise<void>;
  /**
   * Sends a request to the client.
   *
   * @throws {ClientRequestError} for an error of the client, and where it takes too long.
   * @throws {InvalidMessage} for a result that does not match the contract.
   * @throws {ConnectionClosed} where the connection ends before.
   */
  request<Name extends ClientRequestName<C>>(
    name: Name,
    input: RequestInput<ClientRequestOf<C, Name>>,
    options?: ClientCallOptions,
  ): Promise<RequestOutput<ClientRequestOf<C, Name>>>;
  /** Ends the handler, because this user may not do that. The client is answered with -32001. */
  deny(): never;
}

/** What the handler of a request is given in addition to its input. */
export interface RequestContext<C extends Channel, State extends object, R> extends Context<C, State> {
  /** Ends the handler with an error that the contract declares. */
  fail<Name extends RequestErrors<R>["name"]>(name: Name, data: ErrorData<R, Name>): never;
}
