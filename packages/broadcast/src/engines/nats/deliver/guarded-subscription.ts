import type { Msg, NatsConnection } from "@nats-io/transport-node";

/** Is told what comes over a subscription. */
export interface GuardedSubscriptionListener {
  received(message: Msg): void;
  /** The server has ended the subscription. It is not called before `open`. */
  lost(): void;
}

/** A subscription that the server may refuse, either at first or later when permissions are changed. */
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
   * Must be called when the server has answered a request that was sent after the subscription.
   *
   * @throws {Error} where the subscription was refused.
   */
  open(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    this.#isOpen = true;
  }
}
