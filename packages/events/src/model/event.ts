import type { HeaderList } from "./scope.js";

/** A client asks to connect; the application answers with accept, close or a response of its own. */
export interface WebSocketConnectEvent {
  readonly type: "websocket.connect";
}

/** Exactly one of text and bytes; an empty one is a message like any other. */
export type MessagePayload =
  | { readonly text: string; readonly bytes?: undefined }
  | { readonly bytes: Uint8Array; readonly text?: undefined };

/** One whole message from the client. */
export type WebSocketReceiveEvent = { readonly type: "websocket.receive" } & MessagePayload;

/** The connection is gone. */
export interface WebSocketDisconnectEvent {
  readonly type: "websocket.disconnect";
  /** The close code: the peer's, our own, 1005 where the peer gave none, 1006 where there was no close frame. */
  readonly code: number;
  readonly reason: string;
}

/** Completes the handshake. */
export interface WebSocketAcceptEvent {
  readonly type: "websocket.accept";
  /** One that the client offered; none is selected by default. */
  readonly subprotocol?: string | undefined;
  /** Sent beside the handshake's own; names that belong to the protocol throw. */
  readonly headers?: HeaderList | undefined;
}

/** One whole message to the client. A text with a lone surrogate throws. */
export type WebSocketSendEvent = { readonly type: "websocket.send" } & MessagePayload;

/** Closes the connection; before accept it refuses the handshake with HTTP 403. */
export interface WebSocketCloseEvent {
  readonly type: "websocket.close";
  /** A code that may go on the wire; 1000 by default. */
  readonly code?: number | undefined;
  /** At most 123 bytes of UTF-8; empty by default. */
  readonly reason?: string | undefined;
}

/** Refuses the handshake with a response of the application's own. */
export interface WebSocketResponseStartEvent {
  readonly type: "websocket.http.response.start";
  /** 300 to 599. */
  readonly status: number;
  readonly headers?: HeaderList | undefined;
}

/** A part of that response's body; the last has `moreBody` false or none. */
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

/** The client is gone, or the response is complete. */
export interface HttpDisconnectEvent {
  readonly type: "http.disconnect";
}

/** The head of a response. */
export interface HttpResponseStartEvent {
  readonly type: "http.response.start";
  /** 200 to 599. */
  readonly status: number;
  readonly headers?: HeaderList | undefined;
}

/** A part of a response's body; the last has `moreBody` false or none. */
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
