import type { ReceiveEvent, SendEvent } from "./event.js";
import type { Scope } from "./scope.js";

/**
 * Takes the next event. Calls resolve in the order in which they were made, and each event is given once. After the
 * disconnect every further call resolves with the same disconnect. It never rejects.
 */
export type Receive = () => Promise<ReceiveEvent>;

/**
 * Gives an event to the server. It resolves at once while the socket keeps up, otherwise when the socket has drained.
 *
 * It rejects with `ProtocolError` for an event that is malformed or out of order, and with `ConnectionClosed` when the
 * connection has ended. An event that was rejected changed nothing, and nothing of it was sent.
 */
export type Send = (event: SendEvent) => Promise<void>;

/**
 * An application. It is called once per connection (`websocket`), once per request (`http`) and once per process
 * (`lifespan`), and runs as long as its connection. For an unknown type of scope, it throws.
 *
 * `State` is the type of `scope.state` that it needs for a connection or a request. A server provides nothing there that the
 * compiler knows, so `serve` takes a plain `Application`.
 *
 * Source: ASGI 3.0, "Applications".
 */
export type Application<State = Record<string, unknown>> = (
  scope: Scope<State>,
  receive: Receive,
  send: Send,
) => Promise<void>;

/** Makes an application of an application. A middleware copies the scope before it changes it. */
export type Middleware = (application: Application) => Application;
