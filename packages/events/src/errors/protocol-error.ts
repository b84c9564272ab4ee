import { BrandedError } from "./branded-error.js";
import { errorHelp } from "./error-help.js";
import { printable } from "./printable.js";

/** `ORDER`: a legal event at the wrong time. `INVALID`: a value that is no event, or an event with an invalid field. */
export type ProtocolErrorCode = "ERR_WS_EVENT_ORDER" | "ERR_WS_EVENT_INVALID";

/**
 * The application broke the contract: it sent an event that is malformed or out of order. Nothing was sent, and no state
 * changed. The message says what was expected, what came and the likely mistake.
 */
export class ProtocolError extends BrandedError {
  static override readonly kind: string = "@ws/events.ProtocolError";
  override readonly name: string = "ProtocolError";
  readonly code: ProtocolErrorCode;
  /** A link to the explanation of its code. */
  readonly help: string;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(printable(message), options);
    this.code = code;
    this.help = errorHelp(code);
  }
}
