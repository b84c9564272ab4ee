import { hash } from "node:crypto";

/** RFC 6455 §1.3. */
const magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The value of `Sec-WebSocket-Accept` for a client's `Sec-WebSocket-Key`. RFC 6455 §4.2.2. */
export function acceptKey(key: string): string {
  return hash("sha1", key + magic, "base64");
}
