import { createInbox, type Msg, type NatsConnection } from "@nats-io/transport-node";

/** Where an answer is waited for. */
export interface ReplyAddress {
  readonly subject: string;
  /** Answers that still come go nowhere. */
  close(): void;
}

/**
 * Answers to what was sent over one connection, by one subscription and without a timer: whoever waits has a signal of
 * its own.
 */
export class ReplyMux {
  readonly #base = `${createInbox()}.`;
  readonly #waiting = new Map<string, (message: Msg) => void>();
  #count = 0;

  constructor(connection: NatsConnection) {
    connection.subscribe(`${this.#base}*`, {
      callback: (error, message) => {
        // Only a user that may not subscribe to inboxes gets an error: then nothing is answered.
        if (error === null) this.#waiting.get(message.subject)?.(message);
      },
    });
  }

  /** The receiver has each answer, until the address is closed. */
  open(receive: (message: Msg) => void): ReplyAddress {
    this.#count += 1;
    const subject = `${this.#base}${this.#count.toString(36)}`;
    this.#waiting.set(subject, receive);
    return { subject, close: () => void this.#waiting.delete(subject) };
  }
}
