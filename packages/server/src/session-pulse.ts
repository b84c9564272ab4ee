import type { Inbox } from "./inbox.js";
import type { Pulse } from "./keep-alive.js";
import type { Intake } from "./message-deadline.js";
import type { Transport } from "./transport.js";

/** What keep-alive and message deadline ask of a session: what came, and whether the application stopped reading. */
export class SessionPulse implements Pulse, Intake {
  readonly #transport: Transport;
  readonly #inbox: Inbox;

  constructor(transport: Transport, inbox: Inbox) {
    this.#transport = transport;
    this.#inbox = inbox;
  }

  get received(): number {
    return this.#transport.received;
  }

  get messages(): number {
    return this.#transport.messages;
  }

  get messageBytes(): number {
    return this.#transport.messageBytes;
  }

  get paused(): boolean {
    return this.#inbox.paused;
  }

  ping(): void {
    this.#transport.ping();
  }

  probe(): void {
    this.#transport.probe();
  }
}
