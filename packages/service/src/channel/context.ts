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

/** How long a client may take, and who gives up before. */
export interface ClientCallOptions {
  /** In ms; by default the channel's `clientTimeout`. */
  readonly timeout?: number | undefined;
  /** Gives up: the client is told that nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What every handler of a channel is given beside its message. */
export interface Context<C extends Channel = Channel, State extends object = UnknownState> {
  /** Of the channel's path. */
  readonly params: ParamsOf<C["pattern"]>;
  /** What middleware put there. */
  readonly state: State;
  /** Whom `authenticate` let in. After a renewal it is the user that was named last. */
  readonly user: State extends { readonly user: infer User } ? User : unknown;
  readonly socket: Connection<State>;
  /**
   * Aborted when nobody waits any more: the client cancelled, the time is over, or the connection is gone; a request with an
   * idempotency key is not aborted by the connection's end, for the client will ask again.
   */
  readonly signal: AbortSignal;
  /**
   * Sends a message to this connection.
   *
   * @throws {ProtocolError} `ERR_WS_EVENT_INVALID` for one against the contract.
   * @throws {ConnectionClosed} where the connection has ended.
   */
  send<Name extends EventName<C>>(name: Name, message: In<EventSchema<C, Name>>): Promise<void>;
  /**
   * Asks the client.
   *
   * @throws {ClientRequestError} for an error of the client's, and where it takes too long.
   * @throws {InvalidMessage} for a result against the contract.
   * @throws {ConnectionClosed} where the connection ends before.
   */
  request<Name extends ClientRequestName<C>>(
    name: Name,
    input: RequestInput<ClientRequestOf<C, Name>>,
    options?: ClientCallOptions,
  ): Promise<RequestOutput<ClientRequestOf<C, Name>>>;
  /** Ends the handler: this user may not do that. The client is told -32001. */
  deny(): never;
}

/** What the handler of a request is given beside its input. */
export interface RequestContext<C extends Channel, State extends object, R> extends Context<C, State> {
  /** Ends the handler with an error that the contract declares. */
  fail<Name extends RequestErrors<R>["name"]>(name: Name, data: ErrorData<R, Name>): never;
}
