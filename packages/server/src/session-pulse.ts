import type { Inbox } from "./inbox.js";
import type { Pulse } from "./keep-alive.js";
import type { Transport } from "./transport.js";

/** What the keep-alive asks of a session: its transport's bytes, and whether the application stopped reading. */
export class SessionPulse implements Pulse {
  readonly #transport: Transport;
  readonly #inbox: Inbox;

  constructor(transport: Transport, inbox: Inbox) {
    this.#transport = transport;
    this.#inbox = inbox;
  }

  get received(): number {
    return this.#transport.received;
  }

  get paused(): boolean {
    return this.#inbox.paused;
  }

  ping(): void {
    this.#transport.ping();
  }
}
