import type { Msg, NatsConnection } from "@nats-io/transport-node";

/** Who hears what comes over a subscription. */
export interface GuardedSubscriptionListener {
  received(message: Msg): void;
  /** The server has taken the subscription away; not told before `open`. */
  lost(): void;
}

/** A subscription at the server, which may refuse it: at first, or later, when permissions are changed. */
export class GuardedSubscription {
  readonly stop: () => void;
  #refusal: Error | undefined;
  #isOpen = false;

  constructor(connection: NatsConnection, subject: string, listener: GuardedSubscriptionListener) {
    const subscription = connection.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) listener.received(message);
        else if (this.#isOpen) listener.lost();
        else this.#refusal = error;
      },
    });
    this.stop = () => subscription.unsubscribe();
  }

  /**
   * To be called when the server has answered what was asked after the subscription.
   *
   * @throws {Error} where it was refused.
   */
  open(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    this.#isOpen = true;
  }
}
