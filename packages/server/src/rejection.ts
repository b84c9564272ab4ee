import type { HeaderList } from "@ws/events";

/** Why a request is refused before any application runs. */
export class Rejection {
  readonly status: number;
  /** For the log and the diagnostics channel; the peer sees the status alone. */
  readonly reason: string;
  readonly headers: HeaderList;

  constructor(status: number, reason: string, headers: HeaderList = []) {
    this.status = status;
    this.reason = reason;
    this.headers = headers;
  }
}
