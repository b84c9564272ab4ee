import type { Msg } from "@nats-io/transport-node";
import type { EngineListener, History, Position } from "../../../engine/engine.js";
import type { Names } from "../connect/names.js";
import { payloadOf } from "../publish/envelope.js";
import type { Session } from "../session/session.js";
import type { Feed } from "./feed.js";
import { GuardedSubscription } from "./guarded-subscription.js";
import { InOrder } from "./order.js";

/**
 * The feed of a topic with history: it takes what the stream has stored and republishes, with the stream's numbers. So it
 * goes on where the server forgets a stream and another one is made, and it does not depend on how much the stream keeps.
 */
export class StoredFeed implements Feed {
  readonly opened: Promise<Position | undefined>;
  readonly #topic: string;
  readonly #listener: EngineListener;
  readonly #lost: () => void;
  readonly #order: InOrder;
  #subscription: GuardedSubscription | undefined;
  #isStopped = false;

  /** `lost` is called where the server ends the subscription after it was opened. */
  constructor(session: Session, names: Names, topic: string, history: History, lost: () => void) {
    this.#topic = topic;
    this.#lost = lost;
    this.#listener = session.listener;
    this.#order = new InOrder((delivery) => this.#listener.delivered(topic, delivery));
    this.opened = session.link.ask(() => this.#open(session, names, history));
  }

  stop(): void {
    this.#isStopped = true;
    this.#subscription?.stop();
    this.#order.end();
  }

  async #open({ link, streams }: Session, names: Names, history: History): Promise<Position | undefined> {
    const { name, forget } = await streams.open(this.#topic, history);
    if (this.#isStopped) return undefined;
    const subscription = new GuardedSubscription(link.connection, names.stored(this.#topic, "*"), {
      received: (message) => this.#receive(message),
      lost: this.#lost,
    });
    this.#subscription = subscription;
    const { epoch, last } = await streams.state(name).catch((error: unknown) => {
      forget();
      throw error;
    });
    subscription.open();
    return { epoch, sequence: last };
  }

  #receive({ subject, headers, data }: Msg): void {
    const sequence = Number(headers?.get("Nats-Sequence"));
    if (!(sequence >= 1)) return this.#listener.poisoned(this.#topic);
    const epoch = subject.split(".")[2] as string;
    this.#order.receive({ epoch, sequence, payload: payloadOf(data) });
  }
}
