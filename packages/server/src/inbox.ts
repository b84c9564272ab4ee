import type { ReceiveEvent } from "@ws/events";
import type { Clock } from "./clock.js";
import { InboundQueue, messageEvent, type PauseOwner } from "./inbound.js";
import { TurnBudget } from "./turn.js";

type Resolve = (event: ReceiveEvent) => void;

/** What came before it was asked for, and how much of it may be taken in this turn. */
interface Backlog {
  readonly queue: InboundQueue;
  readonly turn: TurnBudget;
}

const connect: ReceiveEvent = Object.freeze({ type: "websocket.connect" });

/**
 * What the application receives: the connect, the messages in order, then the disconnect again and again. Calls that
 * wait are served first come first served.
 */
export class Inbox {
  readonly #clock: Clock;
  readonly #limits: { readonly messages: number; readonly bytes: number };
  readonly #owner: PauseOwner;
  /** Made for the first message that nobody waits for: most connections are idle. */
  #backlog: Backlog | undefined;
  /** The call that has waited longest; nearly always there is no other. */
  #waiter: Resolve | undefined;
  #behind: Resolve[] | undefined;
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
  }

  /** Whether the peer is paused because the application doesn't receive. */
  get paused(): boolean {
    return this.#backlog?.queue.paused === true;
  }

  /** The application's `receive`. */
  readonly receive = (): Promise<ReceiveEvent> => {
    // Where somebody waits already, there is nothing more to take.
    const event = this.#next();
    if (event !== undefined) return Promise.resolve(event);
    return new Promise((resolve) => {
      if (this.#waiter === undefined) this.#waiter = resolve;
      else this.#queueUp(resolve);
    });
  };

  /** A message came. After the end nothing is taken any more. */
  message(data: Buffer, isText: boolean): void {
    if (this.#disconnect !== undefined) return;
    const backlog = this.#backlog;
    const isNothingHeld = backlog === undefined || backlog.queue.size === 0;
    if (this.#waiter !== undefined && isNothingHeld) return this.#give(messageEvent(data, isText));
    this.#backlog ??= this.#makeBacklog();
    this.#backlog.queue.push(data, isText);
  }

  /** Nothing more will be taken in; what came before is still given, unless `drop`. */
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

  #queueUp(resolve: Resolve): void {
    this.#behind ??= [];
    this.#behind.push(resolve);
  }

  #makeBacklog(): Backlog {
    return {
      queue: new InboundQueue(this.#limits, this.#owner),
      turn: new TurnBudget(this.#clock, () => this.#serve()),
    };
  }

  /** Serves those who wait, as far as there is something for them and the turn's share lasts. */
  #serve(): void {
    while (this.#waiter !== undefined) {
      const event = this.#next();
      if (event === undefined) return;
      this.#give(event);
    }
  }

  /** To the one who has waited longest. */
  #give(event: ReceiveEvent): void {
    const waiter = this.#waiter;
    const behind = this.#behind;
    this.#waiter = behind === undefined || behind.length === 0 ? undefined : behind.shift();
    waiter?.(event);
  }
}
