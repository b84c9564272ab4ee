import type { HeaderList } from "@ws/events";

/** What the log and the diagnostics channel say of a request that was refused for its `Origin` or `Host`. */
export interface RejectionDetails {
  /** The `Origin` as it was sent, made printable and cut to 128 characters. */
  readonly origin?: string;
  /** The `Host`, treated in the same way; where a trusted proxy gave another host, that one. */
  readonly host?: string;
  /** How to mend the configuration, where the two differ as they do behind a proxy that is not set up. */
  readonly hint?: string;
}

/** Why a request is refused before any application runs. */
export class Rejection {
  readonly status: number;
  /** For the log and the diagnostics channel. The peer sees only the status. */
  readonly reason: string;
  readonly headers: HeaderList;
  readonly details: RejectionDetails;

  constructor(status: number, reason: string, headers: HeaderList = [], details: RejectionDetails = {}) {
    this.status = status;
    this.reason = reason;
    this.headers = headers;
    this.details = details;
  }
}
