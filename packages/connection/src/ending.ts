import {
  CloseCode,
  type CloseInfo,
  ConnectionClosed,
  type WebSocketCloseEvent,
  type WebSocketDisconnectEvent,
  type WebSocketScope,
} from "@ws/events";

/** What a disconnect event alone tells of an end that the application did not bring about. */
function fromDisconnect({ code, reason }: WebSocketDisconnectEvent): CloseInfo {
  const lost = code === CloseCode.AbnormalClosure;
  return { code, reason, wasClean: !lost, initiator: lost ? "network" : "client" };
}

/** A connection's end: known by the server's signal where it has one, else by the events that passed. */
export class Ending {
  readonly #scope: WebSocketScope;
  #controller: AbortController | undefined;
  #error: ConnectionClosed | undefined;

  constructor(scope: WebSocketScope) {
    this.#scope = scope;
  }

  /** The one error of this connection; `undefined` while it is open. */
  get error(): ConnectionClosed | undefined {
    return this.#error;
  }

  /** Aborted with the error above. */
  get signal(): AbortSignal {
    const given = this.#scope.extensions["websocket.disconnect"]?.signal;
    if (given !== undefined) return given;
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#error !== undefined) this.#controller.abort(this.#error);
    }
    return this.#controller.signal;
  }

  get closed(): Promise<CloseInfo> {
    const { signal } = this;
    return new Promise((resolve) => {
      const tell = (): void => {
        const { reason: error } = signal;
        const known = error instanceof ConnectionClosed;
        const { code, reason, wasClean, initiator } = known ? error : new ConnectionClosed(lost);
        resolve({ code, reason, wasClean, initiator });
      };
      if (signal.aborted) tell();
      else signal.addEventListener("abort", tell, { once: true });
    });
  }

  /** The client, the network or the server ended it. */
  disconnected(event: WebSocketDisconnectEvent): void {
    this.#end(fromDisconnect(event));
  }

  /** The application's close was taken. */
  closedByApplication({ code = CloseCode.NormalClosure, reason = "" }: WebSocketCloseEvent): void {
    this.#end({ code, reason, wasClean: true, initiator: "application" });
  }

  /** The application refused the handshake with a response. */
  denied(): void {
    this.#end({ ...lost, initiator: "application" });
  }

  /** The server's own account goes before ours, and the first before a second. */
  #end(info: CloseInfo): void {
    const told: unknown = this.#scope.extensions["websocket.disconnect"]?.signal.reason;
    this.#error ??= told instanceof ConnectionClosed ? told : new ConnectionClosed(info);
    this.#controller?.abort(this.#error);
  }
}

const lost: CloseInfo = {
  code: CloseCode.AbnormalClosure,
  reason: "",
  wasClean: false,
  initiator: "network",
};
