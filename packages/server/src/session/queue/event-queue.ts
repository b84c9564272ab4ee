import { type EventWaiter, type Inbox, offerInbox, type Receive, type ReceiveEvent } from "@ws/events";
import type { Clock } from "../timing/clock.js";
import { messageEvent, type PauseOwner, ReceiveQueue } from "./receive-queue.js";
import { TurnBudget } from "./turn.js";

/** The messages that came before the application asked for them, and how many of them it may still take in this turn. */
interface Backlog {
  readonly queue: ReceiveQueue;
  readonly turn: TurnBudget;
}

const connect: ReceiveEvent = Object.freeze({ type: "websocket.connect" });

/**
 * The events that the application receives: the connect, the messages in order, then the disconnect, again and again.
 * Calls that wait are answered in the order in which they came.
 */
export class EventQueue implements Inbox {
  readonly #clock: Clock;
  readonly #limits: { readonly messages: number; readonly bytes: number };
  readonly #owner: PauseOwner;
  /** It is made for the first message that no call waits for, since most connections are idle and need none. */
  #backlog: Backlog | undefined;
  /** The call that has waited longest. There is nearly always only one. */
  #waiter: EventWaiter | undefined;
  #behind: EventWaiter[] | undefined;
  #connected = false;
  #disconnect: ReceiveEvent | undefined;

  constructor(
    clock: Clock,
    limits: { readonly messages: number; readonly bytes: number },
    owner: PauseOwner,
  ) {
    this.#clock = clock;
    this.#limits = limits;
    this.#owner = owner;
    offerInbox(this);
  }

  /** Whether the peer is paused because the application doesn't receive. */
  get paused(): boolean {
    return this.#backlog?.queue.paused === true;
  }

  /** How many messages nobody has received yet. */
  get held(): number {
    return this.#backlog?.queue.size ?? 0;
  }

  /** The application's `receive`. */
  readonly receive: Receive = () => {
    const event = this.take();
    if (event !== undefined) return Promise.resolve(event);
    return new Promise((resolve) => this.wait({ give: resolve }));
  };

  take(): ReceiveEvent | undefined {
    return this.#waiter === undefined ? this.#next() : undefined;
  }

  wait(waiter: EventWaiter): void {
    if (this.#waiter === undefined) {
      this.#waiter = waiter;
    } else {
      this.#behind ??= [];
      this.#behind.push(waiter);
    }
  }

  /** Takes a text whose length in UTF-8 is `bytes`. After the end of the connection nothing is taken any more. */
  text(text: string, bytes: number): void {
    if (this.#disconnect !== undefined) return;
    if (this.#isAwaited) this.#give(messageEvent(text));
    else this.#openBacklog().queue.pushText(text, bytes);
  }

  /** Takes a binary message. */
  binary(bytes: Uint8Array): void {
    if (this.#disconnect !== undefined) return;
    if (this.#isAwaited) this.#give(messageEvent(bytes));
    else this.#openBacklog().queue.pushBytes(bytes);
  }

  /** Ends the queue: nothing more is taken. What came before is still given to the application, unless `drop` is set. */
  end(code: number, reason: string, drop: boolean): void {
    this.#disconnect = { type: "websocket.disconnect", code, reason };
    this.#backlog?.queue.close(drop);
    this.#serve();
  }

  #next(): ReceiveEvent | undefined {
    if (!this.#connected) {
      this.#connected = true;
      return connect;
    }
    const backlog = this.#backlog;
    if (backlog === undefined || backlog.queue.size === 0) return this.#disconnect;
    return backlog.turn.spend() ? backlog.queue.take() : undefined;
  }

  /** Whether a call waits and nothing comes before the next message. */
  get #isAwaited(): boolean {
    return this.#waiter !== undefined && (this.#backlog === undefined || this.#backlog.queue.size === 0);
  }

  #openBacklog(): Backlog {
    this.#backlog ??= {
      queue: new ReceiveQueue(this.#limits, this.#owner),
      turn: new TurnBudget(this.#clock, () => this.#serve()),
    };
    return this.#backlog;
  }

  /** Gives events to the calls that wait, as long as there are events and the turn's budget lasts. */
  #serve(): void {
    while (this.#waiter !== undefined) {
      const event = this.#next();
      if (event === undefined) return;
      this.#give(event);
    }
  }

  /** Gives an event to the call that has waited longest. */
  #give(event: ReceiveEvent): void {
    const waiter = this.#waiter;
    const behind = this.#behind;
    this.#waiter = behind === undefined || behind.length === 0 ? undefined : behind.shift();
    waiter?.give(event);
  }
}
