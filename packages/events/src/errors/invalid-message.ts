import { BrandedError } from "./branded-error.js";
import { CloseCode } from "./close-code.js";
import { errorHelp } from "./error-help.js";
import { printable } from "./printable.js";

/** The frame has the wrong type; the text is no JSON, or too deep; the JSON does not match the schema. */
export type InvalidMessageCode = "ERR_WS_MESSAGE_TYPE" | "ERR_WS_MESSAGE_JSON" | "ERR_WS_MESSAGE_SCHEMA";

/** The close code for each of these errors, if nobody catches it. */
const closeCodes: Readonly<Record<InvalidMessageCode, number>> = {
  ERR_WS_MESSAGE_TYPE: CloseCode.UnsupportedData,
  ERR_WS_MESSAGE_JSON: CloseCode.InvalidPayload,
  ERR_WS_MESSAGE_SCHEMA: CloseCode.PolicyViolation,
};

/** One problem that a schema reported. */
export interface MessageIssue {
  readonly message: string;
  /** The place in the message, as keys joined by dots; `""` for the message itself. */
  readonly path: string;
}

/** How many problems are kept at most. */
const maxIssues = 8;
/** Their total length at most, in UTF-16 units, so that they stay below 2 KiB even in UTF-8. */
const maxIssueText = 640;
/** The longest error text, in UTF-16 units. It is bounded because it may describe what the client sent. */
const maxMessageText = 256;

/** The beginning of a text, as one line. If the cut divides a surrogate pair, the half is replaced. */
function head(text: string, length: number): string {
  return printable(text.slice(0, length)).slice(0, length).toWellFormed();
}

/** The first problems, shortened so that a hostile message cannot cause a large error. */
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
 * The client sent another message than the view asked for: the wrong frame type, invalid JSON, or JSON that does not match
 * the schema. The message was removed from the queue, and the connection can still be used. The value itself is never kept.
 */
export class InvalidMessage extends BrandedError {
  static override readonly kind: string = "@ws/events.InvalidMessage";
  override readonly name: string = "InvalidMessage";
  readonly code: InvalidMessageCode;
  /** A link to the explanation of its code. */
  readonly help: string;
  /** At most 8 problems, together below 2 KiB. */
  readonly issues: readonly MessageIssue[];

  constructor(code: InvalidMessageCode, message: string, issues: readonly MessageIssue[] = []) {
    super(head(message, maxMessageText));
    this.code = code;
    this.help = errorHelp(code);
    this.issues = cut(issues);
  }

  /** 1003 for the wrong frame type, 1007 for invalid JSON, 1008 for JSON that does not match the schema. RFC 6455 §7.4.1. */
  get closeCode(): number {
    return closeCodes[this.code];
  }
}
