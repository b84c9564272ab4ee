import type { EngineListener, Position } from "../../../engine/engine.js";
import { parseEnvelope } from "../publish/envelope.js";
import type { Session } from "../session/session.js";
import { GuardedSubscription } from "./guarded-subscription.js";

/** Receives the messages of a topic over one connection. */
export interface Feed {
  /** Resolves with the position of the topic when every later publish will be delivered. */
  readonly opened: Promise<Position | undefined>;
  /** Ends the feed. Nothing more is delivered after the call. */
  stop(): void;
}

/** The feed of a topic without history: it takes what is published to the subject, with the numbers of the publishers. */
export class PassingFeed implements Feed {
  readonly opened: Promise<Position | undefined>;
  #subscription: GuardedSubscription | undefined;

  /** `lost` is called where the server ends the subscription after it was opened. */
  constructor({ link, listener, interest }: Session, topic: string, subject: string, lost: () => void) {
    this.opened = link.ask(async () => {
      const received = ({ data }: { readonly data: Uint8Array }): void => receive(topic, data, listener);
      const subscription = new GuardedSubscription(link.connection, subject, { received, lost });
      this.#subscription = subscription;
      await link.flush();
      subscription.open();
      await interest.spread();
      return undefined;
    });
  }

  stop(): void {
    this.#subscription?.stop();
  }
}

function receive(topic: string, data: Uint8Array, listener: EngineListener): void {
  const envelope = parseEnvelope(data);
  if (envelope === undefined) return listener.poisoned(topic);
  const { epoch, payloads } = envelope;
  let { sequence } = envelope;
  for (const payload of payloads) {
    listener.delivered(topic, { epoch, sequence, payload });
    sequence += 1;
  }
}
