import {
  CloseCode,
  type CloseInfo,
  ConnectionClosed,
  lostConnection,
  type WebSocketCloseEvent,
  type WebSocketDisconnectEvent,
  type WebSocketScope,
} from "@ws/events";

/** What a disconnect event alone tells of an end that the application did not bring about. */
function fromDisconnect({ code, reason }: WebSocketDisconnectEvent): CloseInfo {
  const isLost = code === CloseCode.AbnormalClosure;
  return { code, reason, wasClean: !isLost, initiator: isLost ? "network" : "client" };
}

/** A connection's end: known by the server's signal where it has one, else by the events that passed. */
export class Ending {
  readonly #scope: WebSocketScope;
  #controller: AbortController | undefined;
  #info: CloseInfo | undefined;
  #error: ConnectionClosed | undefined;
  #closed: Promise<CloseInfo> | undefined;

  constructor(scope: WebSocketScope) {
    this.#scope = scope;
  }

  /**
   * The one error of this connection, the server's own where it told; `undefined` while it is open. Made when somebody
   * asks: most connections end without it.
   */
  get error(): ConnectionClosed | undefined {
    if (this.#error === undefined) {
      const told: unknown = this.#scope.extensions["websocket.disconnect"]?.signal.reason;
      if (told instanceof ConnectionClosed) this.#error = told;
      else if (this.#info !== undefined) this.#error = new ConnectionClosed(this.#info);
    }
    return this.#error;
  }

  /** Aborted with the error above. */
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

  /** The client, the network or the server ended it. */
  disconnected(event: WebSocketDisconnectEvent): void {
    this.#end(fromDisconnect(event));
  }

  /** The application's close of an open connection was taken. */
  closedByApplication({ code = CloseCode.NormalClosure, reason = "" }: WebSocketCloseEvent): void {
    this.#end({ code, reason, wasClean: true, initiator: "application" });
  }

  /** The application refused the handshake: there never was a WebSocket that a close frame could have ended. */
  refused(): void {
    this.#end({ ...lostConnection, initiator: "application" });
  }

  /** The server's own account goes before ours, and the first before a second. */
  #end(info: CloseInfo): void {
    this.#info ??= info;
    this.#controller?.abort(this.error);
  }

  #wait(): Promise<CloseInfo> {
    const { signal } = this;
    return new Promise((resolve) => {
      const tell = (): void => {
        const { code, reason, wasClean, initiator } = this.error ?? lostConnection;
        resolve({ code, reason, wasClean, initiator });
      };
      if (signal.aborted) tell();
      else signal.addEventListener("abort", tell, { once: true });
    });
  }
}
