import type { Data, WebSocketLike } from "@ws/client";

/** A message of JSON-RPC that the client sent. */
export interface StubFrame {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: unknown;
}

/** A WebSocket that is connected to a function. It opens by itself, in a later turn. */
export class StubSocket implements WebSocketLike {
  binaryType = "";
  readonly bufferedAmount: number = 0;
  readyState = 0;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  onEnd: (() => void) | undefined;
  /** The topics to which the client is subscribed. */
  readonly topics: Set<string> = new Set();
  readonly #received: (socket: StubSocket, frame: StubFrame) => void;

  constructor(received: (socket: StubSocket, frame: StubFrame) => void) {
    this.#received = received;
    queueMicrotask(() => {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      (this.onopen as () => void)();
      this.tell({ method: "$/hello", params: { maxMessage: 1_048_576, topics: 256 } });
    });
  }

  send(data: Data): void {
    this.#received(this, JSON.parse(String(data)));
  }

  /** Gives the client a message. */
  tell(frame: object): void {
    if (this.readyState !== 1) return;
    const data = JSON.stringify({ jsonrpc: "2.0", ...frame });
    (this.onmessage as (event: object) => void)({ data });
  }

  /** Ends the connection, because it is lost or closed by the server. */
  drop(code = 1006, reason = ""): void {
    this.close();
    (this.onclose as (event: object) => void)({ code, reason });
  }

  close(): void {
    this.readyState = 3;
    this.onEnd?.();
  }
}
