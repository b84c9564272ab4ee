import type { ReceiveEvent } from "@ws/events";
import type { Clock } from "./clock.js";
import { InboundQueue, messageEvent } from "./inbound.js";
import { TurnBudget } from "./turn.js";

type Resolve = (event: ReceiveEvent) => void;

const connect: ReceiveEvent = Object.freeze({ type: "websocket.connect" });

/**
 * What the application receives: the connect, the messages in order, then the disconnect again and again. Calls that
 * wait are served first come first served.
 */
export class Inbox {
  readonly #queue: InboundQueue;
  readonly #turn: TurnBudget;
  /** The call that has waited longest; nearly always there is no other. */
  #waiter: Resolve | undefined;
  readonly #behind: Resolve[] = [];
  #connected = false;
  #disconnect: ReceiveEvent | undefined;

  constructor(
    clock: Clock,
    limits: { readonly messages: number; readonly bytes: number },
    setPaused: (paused: boolean) => void,
  ) {
    this.#queue = new InboundQueue(limits, setPaused);
    this.#turn = new TurnBudget(clock, () => this.#serve());
  }

  /** Whether the peer is paused because the application doesn't receive. */
  get paused(): boolean {
    return this.#queue.paused;
  }

  /** The application's `receive`. */
  readonly receive = (): Promise<ReceiveEvent> => {
    // Where somebody waits already, there is nothing more to take.
    const event = this.#next();
    if (event !== undefined) return Promise.resolve(event);
    return new Promise((resolve) => {
      if (this.#waiter === undefined) this.#waiter = resolve;
      else this.#behind.push(resolve);
    });
  };

  /** A message came. After the end nothing is taken any more. */
  message(data: Buffer, isText: boolean): void {
    if (this.#disconnect !== undefined) return;
    if (this.#waiter !== undefined && this.#queue.size === 0) this.#give(messageEvent(data, isText));
    else this.#queue.push(data, isText);
  }

  /** Nothing more will be taken in; what came before is still given, unless `drop`. */
  end(code: number, reason: string, drop: boolean): void {
    this.#disconnect = { type: "websocket.disconnect", code, reason };
    this.#queue.close(drop);
    this.#serve();
  }

  #next(): ReceiveEvent | undefined {
    if (!this.#connected) {
      this.#connected = true;
      return connect;
    }
    if (this.#queue.size === 0) return this.#disconnect;
    if (this.#turn.spent) return undefined;
    this.#turn.spend();
    return this.#queue.take();
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
    this.#waiter = this.#behind.length === 0 ? undefined : this.#behind.shift();
    waiter?.(event);
  }
}
