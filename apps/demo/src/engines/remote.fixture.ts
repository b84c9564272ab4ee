import type { WebSocketConstructor } from "@ws/client";
import { WebSocket } from "ws";

type Address = string | URL;

/** A demo that runs elsewhere, as a guest of its chat needs it. */
export interface RemoteServer {
  readonly url: string;
  /** Leads to that demo whatever host it names, as that of a `TestServer` does. */
  readonly WebSocket: WebSocketConstructor;
}

export function remote(url: string): RemoteServer {
  const { host } = new URL(url);
  class Remote extends WebSocket {
    constructor(address: Address, protocols?: string | string[]) {
      super(Object.assign(new URL(address), { host }), protocols);
    }
  }
  return { url, WebSocket: Remote };
}
