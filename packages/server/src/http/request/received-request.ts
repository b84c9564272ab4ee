import type { IncomingMessage } from "node:http";
import type { WithHeaders } from "../../proxies/proxy.js";

/** What is read of a request: of one that Node's `http` has parsed, or of a handshake that was read in front of it. */
export type ReceivedRequest = WithHeaders &
  Pick<IncomingMessage, "method" | "url" | "httpVersion" | "socket">;
