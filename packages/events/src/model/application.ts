import type { ReceiveEvent, SendEvent } from "./event.js";
import type { Scope } from "./scope.js";

/**
 * Takes the next event. Resolves in the order in which calls were made, each event once. After the
 * disconnect every further call resolves with that same disconnect; it never rejects.
 */
export type Receive = () => Promise<ReceiveEvent>;

/**
 * Gives the server an event. Resolves at once while the socket keeps up, otherwise when it has drained.
 *
 * Rejects with `ProtocolError` for an event that is malformed or out of order, with `ConnectionClosed` when
 * the connection has ended. An event that was rejected changed nothing and put nothing on the wire.
 */
export type Send = (event: SendEvent) => Promise<void>;

/**
 * An application: called once per connection (`websocket`), once per request (`http`) and once per process
 * (`lifespan`); it lives as long as its connection. Given a scope type that it doesn't know, it throws.
 *
 * `State` is what must be in `scope.state` when it is called for a connection or a request. A server provides
 * nothing that the compiler knows of, so what is given to `serve` is a plain `Application`.
 *
 * Source: ASGI 3.0, "Applications".
 */
export type Application<State = Record<string, unknown>> = (
  scope: Scope<State>,
  receive: Receive,
  send: Send,
) => Promise<void>;

/** Application in, application out. A middleware copies the scope before it changes it. */
export type Middleware = (application: Application) => Application;
