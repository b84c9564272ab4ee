import { BrandedError } from "@ws/events";
import { errorHelp } from "@ws/events/checks";
import { oneLine } from "./one-line.js";

/** The kind of failure, for programs to compare. */
export type BroadcastErrorCode =
  | "ERR_WS_TOPIC_NAME"
  | "ERR_WS_PUBLISH_TIMEOUT"
  | "ERR_WS_PUBLISH_OVERFLOW"
  | "ERR_WS_PAYLOAD_TOO_LARGE"
  | "ERR_WS_ENGINE_DOWN"
  | "ERR_WS_ENGINE_UNREACHABLE"
  | "ERR_WS_BROADCAST_CLOSED"
  | "ERR_WS_SUBSCRIPTION_OVERFLOW";

/** The longest error text, in UTF-16 units. It is bounded because it may quote what a server said. */
const maxText = 512;

/** A publish, a subscription or an engine that failed. `code` is stable; the text is one line for people. */
export class BroadcastError extends BrandedError {
  static override readonly kind: string = "@ws/broadcast.BroadcastError";
  override readonly name: string = "BroadcastError";
  readonly code: BroadcastErrorCode;
  /** A link to the explanation of its code. */
  readonly help: string;

  constructor(code: BroadcastErrorCode, message: string, options?: ErrorOptions) {
    super(oneLine(message, maxText), options);
    this.code = code;
    this.help = errorHelp(code);
  }
}
