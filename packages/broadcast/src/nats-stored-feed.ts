import type { Msg } from "@nats-io/transport-node";
import type { EngineListener, History, Position } from "./engine.js";
import { Ear } from "./nats-ear.js";
import { payloadOf } from "./nats-envelope.js";
import type { Feed } from "./nats-feed.js";
import type { Names } from "./nats-names.js";
import type { Session } from "./nats-session.js";

/**
 * Of a topic with history: what its stream has stored, with the stream's numbers, as the stream itself publishes it
 * again. So it comes from one stream after the other, if the server forgets one, and however little the stream keeps.
 */
export class StoredFeed implements Feed {
  readonly opened: Promise<Position | undefined>;
  readonly #topic: string;
  readonly #listener: EngineListener;
  readonly #lost: () => void;
  #ear: Ear | undefined;
  #isStopped = false;

  /** `lost` is called where the server ends it after it was opened. */
  constructor(session: Session, names: Names, topic: string, history: History, lost: () => void) {
    this.#topic = topic;
    this.#lost = lost;
    this.#listener = session.listener;
    this.opened = session.link.ask(() => this.#open(session, names, history));
  }

  stop(): void {
    this.#isStopped = true;
    this.#ear?.stop();
  }

  async #open({ link, streams }: Session, names: Names, history: History): Promise<Position | undefined> {
    const { name, forget } = await streams.open(this.#topic, history);
    if (this.#isStopped) return undefined;
    const ear = new Ear(link.connection, names.stored(this.#topic, "*"), {
      received: (message) => this.#receive(message),
      lost: this.#lost,
    });
    this.#ear = ear;
    const { epoch, last } = await streams.state(name).catch((error: unknown) => {
      forget();
      throw error;
    });
    ear.open();
    return last === 0 ? undefined : { epoch, sequence: last };
  }

  #receive({ subject, headers, data }: Msg): void {
    const sequence = Number(headers?.get("Nats-Sequence"));
    if (!(sequence >= 1)) return this.#listener.poisoned(this.#topic);
    const epoch = subject.split(".")[2] as string;
    this.#listener.delivered(this.#topic, { epoch, sequence, payload: payloadOf(data) });
  }
}
