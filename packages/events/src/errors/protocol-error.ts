import { BrandedError } from "./branded-error.js";
import { errorHelp } from "./error-help.js";
import { printable } from "./printable.js";

/** `order`: a legal event at the wrong time. `event`: not an event at all, or one with a bad field. */
export type ProtocolErrorCode = "ERR_WS_EVENT_ORDER" | "ERR_WS_EVENT_INVALID";

/**
 * The application broke the contract: it sent an event that is malformed or out of order. Nothing went on the
 * wire and no state changed. The message says what was expected, what came and the likely mistake.
 */
export class ProtocolError extends BrandedError {
  static override readonly kind: string = "@ws/events.ProtocolError";
  override readonly name: string = "ProtocolError";
  readonly code: ProtocolErrorCode;
  /** Where its code is explained: a link. */
  readonly help: string;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(printable(message), options);
    this.code = code;
    this.help = errorHelp(code);
  }
}
