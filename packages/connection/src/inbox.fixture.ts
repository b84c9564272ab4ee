import { type EventWaiter, type Inbox, offerInbox, type ReceiveEvent } from "@ws/events";

/** What a server offers beside its `receive`: events that came already, then those that are told. */
export class FakeInbox implements Inbox {
  readonly #events: ReceiveEvent[];
  readonly #waiters: EventWaiter[] = [];
  /** How often somebody asked for a promise. */
  promises = 0;

  constructor(...events: readonly ReceiveEvent[]) {
    this.#events = [...events];
    offerInbox(this);
  }

  readonly receive = (): Promise<ReceiveEvent> => {
    this.promises += 1;
    const event = this.take();
    return event === undefined
      ? new Promise((resolve) => this.wait({ give: resolve }))
      : Promise.resolve(event);
  };

  take(): ReceiveEvent | undefined {
    return this.#waiters.length > 0 ? undefined : this.#events.shift();
  }

  wait(waiter: EventWaiter): void {
    this.#waiters.push(waiter);
  }

  /** An event comes. */
  tell(event: ReceiveEvent): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#events.push(event);
    else waiter.give(event);
  }
}
