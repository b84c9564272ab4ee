import { createInbox, type Msg, type NatsConnection } from "@nats-io/transport-node";

/** An address to which an answer is expected. */
export interface ReplyAddress {
  readonly subject: string;
  /** Ends the wait. Later answers are ignored. */
  close(): void;
}

/**
 * Receives the answers to requests of one connection, with one subscription and without timers: each caller has its own
 * signal.
 */
export class ReplyMux {
  readonly #base = `${createInbox()}.`;
  readonly #waiting = new Map<string, (message: Msg) => void>();
  #count = 0;

  constructor(connection: NatsConnection) {
    connection.subscribe(`${this.#base}*`, {
      callback: (error, message) => {
        // Only a user that may not subscribe to inboxes gets an error here, and then no answer ever comes.
        if (error === null) this.#waiting.get(message.subject)?.(message);
      },
    });
  }

  /** Makes an address. `receive` gets each answer, until the address is closed. */
  open(receive: (message: Msg) => void): ReplyAddress {
    this.#count += 1;
    const subject = `${this.#base}${this.#count.toString(36)}`;
    this.#waiting.set(subject, receive);
    return { subject, close: () => void this.#waiting.delete(subject) };
  }
}
