import { BrandedError } from "./branded-error.js";
import { CloseCode } from "./close-code.js";
import { errorHelp } from "./error-help.js";
import { printable } from "./printable.js";

/** The wrong frame type; no JSON, or too deep; JSON against the schema. */
export type InvalidMessageCode = "ERR_WS_MESSAGE_TYPE" | "ERR_WS_MESSAGE_JSON" | "ERR_WS_MESSAGE_SCHEMA";

/** What a message that was not what was asked for is answered with, if nobody catches the error. */
const closeCodes: Readonly<Record<InvalidMessageCode, number>> = {
  ERR_WS_MESSAGE_TYPE: CloseCode.UnsupportedData,
  ERR_WS_MESSAGE_JSON: CloseCode.InvalidPayload,
  ERR_WS_MESSAGE_SCHEMA: CloseCode.PolicyViolation,
};

/** One thing that a schema found wrong. */
export interface MessageIssue {
  readonly message: string;
  /** Where in the message, as keys joined by dots; `""` for the message itself. */
  readonly path: string;
}

/** At most this many issues are kept … */
const maxIssues = 8;
/** … of at most this many UTF-16 units together, so that they stay under 2 KiB even in UTF-8. */
const maxIssueText = 640;
/** The longest error text, in UTF-16 units: it may speak of what the client sent. */
const maxMessageText = 256;

/** The beginning of a text, in one line; a surrogate pair that the cut would halve is replaced, not broken. */
function head(text: string, length: number): string {
  return printable(text.slice(0, length)).slice(0, length).toWellFormed();
}

/** The first issues, cut so that a hostile message cannot make a large error. */
function cut(issues: readonly MessageIssue[]): readonly MessageIssue[] {
  const kept: MessageIssue[] = [];
  let left = maxIssueText;
  for (const issue of issues.slice(0, maxIssues)) {
    if (left <= 0) break;
    const path = head(issue.path, left);
    left -= path.length;
    const message = head(issue.message, left);
    left -= message.length;
    kept.push({ message, path });
  }
  return kept;
}

/**
 * The client sent a message that is not what the view asked for: the wrong frame type, bad JSON, or JSON against
 * the schema. The message is taken off the queue and the socket stays usable. The value itself is never kept.
 */
export class InvalidMessage extends BrandedError {
  static override readonly kind: string = "@ws/events.InvalidMessage";
  override readonly name: string = "InvalidMessage";
  readonly code: InvalidMessageCode;
  /** Where its code is explained: a link. */
  readonly help: string;
  /** At most 8, together under 2 KiB. */
  readonly issues: readonly MessageIssue[];

  constructor(code: InvalidMessageCode, message: string, issues: readonly MessageIssue[] = []) {
    super(head(message, maxMessageText));
    this.code = code;
    this.help = errorHelp(code);
    this.issues = cut(issues);
  }

  /** 1003 for the wrong frame type, 1007 for bad JSON, 1008 against the schema. RFC 6455 §7.4.1. */
  get closeCode(): number {
    return closeCodes[this.code];
  }
}
