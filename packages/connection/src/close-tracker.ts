import {
  CloseCode,
  type CloseInfo,
  ConnectionClosed,
  lostConnection,
  type WebSocketCloseEvent,
  type WebSocketDisconnectEvent,
  type WebSocketScope,
} from "@ws/events";

/** How a connection ended that the application did not close, by the disconnect event. */
function fromDisconnect({ code, reason }: WebSocketDisconnectEvent): CloseInfo {
  const isLost = code === CloseCode.AbnormalClosure;
  return { code, reason, wasClean: !isLost, initiator: isLost ? "network" : "client" };
}

/** Finds out how a connection ended: from the server's signal where there is one, otherwise from the events. */
export class CloseTracker {
  readonly #scope: WebSocketScope<unknown>;
  #controller: AbortController | undefined;
  #info: CloseInfo | undefined;
  #error: ConnectionClosed | undefined;
  #closed: Promise<CloseInfo> | undefined;

  constructor(scope: WebSocketScope<unknown>) {
    this.#scope = scope;
  }

  /**
   * The error with which all calls of this connection reject, which is the server's own where its signal has one;
   * `undefined` while the connection is open. It is made when it is first read, because most connections end without anybody
   * needing it.
   */
  get error(): ConnectionClosed | undefined {
    if (this.#error === undefined) {
      const told: unknown = this.#scope.extensions["websocket.disconnect"]?.signal.reason;
      if (told instanceof ConnectionClosed) this.#error = told;
      else if (this.#info !== undefined) this.#error = new ConnectionClosed(this.#info);
    }
    return this.#error;
  }

  /**
   * A signal that is aborted with `error` when the connection has ended. It is the server's own signal where there is one.
   */
  get signal(): AbortSignal {
    const given = this.#scope.extensions["websocket.disconnect"]?.signal;
    if (given !== undefined) return given;
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.error !== undefined) this.#controller.abort(this.error);
    }
    return this.#controller.signal;
  }

  get closed(): Promise<CloseInfo> {
    this.#closed ??= this.#wait();
    return this.#closed;
  }

  /** The connection was ended by the client, the network or the server. */
  disconnected(event: WebSocketDisconnectEvent): void {
    this.#end(fromDisconnect(event));
  }

  /** The server accepted a close by the application of an open connection. */
  closedByApplication({ code = CloseCode.NormalClosure, reason = "" }: WebSocketCloseEvent): void {
    this.#end({ code, reason, wasClean: true, initiator: "application" });
  }

  /** The application refused the handshake. There was never an open WebSocket that a close frame could have ended. */
  refused(): void {
    this.#end({ ...lostConnection, initiator: "application" });
  }

  /** Only the first end counts. Where the server's signal tells how the connection ended, `error` follows that. */
  #end(info: CloseInfo): void {
    this.#info ??= info;
    this.#controller?.abort(this.error);
  }

  #wait(): Promise<CloseInfo> {
    const { signal } = this;
    return new Promise((resolve) => {
      const settle = (): void => {
        const { code, reason, wasClean, initiator } = this.error ?? lostConnection;
        resolve({ code, reason, wasClean, initiator });
      };
      if (signal.aborted) settle();
      else signal.addEventListener("abort", settle, { once: true });
    });
  }
}
