import type { HeaderList } from "./scope.js";

/** A client wants to connect. The application answers with accept, close or a response of its own. */
export interface WebSocketConnectEvent {
  readonly type: "websocket.connect";
}

/** Either text or bytes, and never both. An empty message is a message like any other. */
export type MessagePayload =
  | { readonly text: string; readonly bytes?: undefined }
  | { readonly bytes: Uint8Array; readonly text?: undefined };

/** One complete message from the client. */
export type WebSocketReceiveEvent = { readonly type: "websocket.receive" } & MessagePayload;

/** The connection has ended. */
export interface WebSocketDisconnectEvent {
  readonly type: "websocket.disconnect";
  /** The close code: that of the peer, our own, 1005 where the peer sent none, 1006 where there was no close frame. */
  readonly code: number;
  readonly reason: string;
}

/** Completes the handshake. */
export interface WebSocketAcceptEvent {
  readonly type: "websocket.accept";
  /** A subprotocol that the client offered; none by default. */
  readonly subprotocol?: string | undefined;
  /** Headers in addition to those of the handshake itself. Headers that belong to the protocol throw. */
  readonly headers?: HeaderList | undefined;
}

/** One complete message to the client. A text with a lone surrogate throws. */
export type WebSocketSendEvent = { readonly type: "websocket.send" } & MessagePayload;

/** Closes the connection; before accept it refuses the handshake with HTTP 403. */
export interface WebSocketCloseEvent {
  readonly type: "websocket.close";
  /** The close code, which must be one that may be sent; 1000 by default. */
  readonly code?: number | undefined;
  /** The reason, at most 123 bytes of UTF-8; empty by default. */
  readonly reason?: string | undefined;
}

/** Refuses the handshake with a response of the application's own. */
export interface WebSocketResponseStartEvent {
  readonly type: "websocket.http.response.start";
  /** The status, from 300 to 599. */
  readonly status: number;
  readonly headers?: HeaderList | undefined;
}

/** A part of that response's body. In the last part `moreBody` is false or absent. */
export interface WebSocketResponseBodyEvent {
  readonly type: "websocket.http.response.body";
  readonly body?: Uint8Array | undefined;
  readonly moreBody?: boolean | undefined;
}

/** A part of a request's body. */
export interface HttpRequestEvent {
  readonly type: "http.request";
  readonly body: Uint8Array;
  readonly moreBody: boolean;
}

/** The client has gone, or the response is complete. */
export interface HttpDisconnectEvent {
  readonly type: "http.disconnect";
}

/** The head of a response. */
export interface HttpResponseStartEvent {
  readonly type: "http.response.start";
  /** The status, from 200 to 599. */
  readonly status: number;
  readonly headers?: HeaderList | undefined;
}

/** A part of a response's body. In the last part `moreBody` is false or absent. */
export interface HttpResponseBodyEvent {
  readonly type: "http.response.body";
  readonly body?: Uint8Array | undefined;
  readonly moreBody?: boolean | undefined;
}

export interface LifespanStartupEvent {
  readonly type: "lifespan.startup";
}

export interface LifespanShutdownEvent {
  readonly type: "lifespan.shutdown";
}

export interface LifespanStartupCompleteEvent {
  readonly type: "lifespan.startup.complete";
}

export interface LifespanStartupFailedEvent {
  readonly type: "lifespan.startup.failed";
  readonly message?: string | undefined;
}

export interface LifespanShutdownCompleteEvent {
  readonly type: "lifespan.shutdown.complete";
}

export interface LifespanShutdownFailedEvent {
  readonly type: "lifespan.shutdown.failed";
  readonly message?: string | undefined;
}

/** What an application receives. */
export type ReceiveEvent =
  | WebSocketConnectEvent
  | WebSocketReceiveEvent
  | WebSocketDisconnectEvent
  | HttpRequestEvent
  | HttpDisconnectEvent
  | LifespanStartupEvent
  | LifespanShutdownEvent;

/** What an application sends. */
export type SendEvent =
  | WebSocketAcceptEvent
  | WebSocketSendEvent
  | WebSocketCloseEvent
  | WebSocketResponseStartEvent
  | WebSocketResponseBodyEvent
  | HttpResponseStartEvent
  | HttpResponseBodyEvent
  | LifespanStartupCompleteEvent
  | LifespanStartupFailedEvent
  | LifespanShutdownCompleteEvent
  | LifespanShutdownFailedEvent;
