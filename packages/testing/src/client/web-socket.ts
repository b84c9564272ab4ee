import type { Duplex } from "node:stream";
import type { WebSocketConstructor } from "@ws/client";
import { webSocketOver } from "./client.js";

/**
 * A class of sockets with the DOM's interface. All of them are opened by `dial` and connect to the server at `base`,
 * whatever host they name.
 */
export function webSocketClass(base: string, dial: () => Duplex): WebSocketConstructor {
  return webSocketOver((given) => {
    const url = new URL(given);
    url.host = new URL(base).host;
    return url;
  }, dial);
}
