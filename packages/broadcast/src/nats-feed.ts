import type { Subscription } from "@nats-io/transport-node";
import type { EngineListener, Position } from "./engine.js";
import { parseEnvelope } from "./nats-envelope.js";
import type { Session } from "./nats-session.js";

/** The messages of a topic, over one connection. */
export interface Feed {
  /** Resolves when every later publish will be delivered, with where the topic stands. */
  readonly opened: Promise<Position | undefined>;
  /** Nothing more is delivered, from the call on. */
  stop(): void;
}

/** Of a topic without history: what passes over the subject, with the numbers of its publishers. */
export class PassingFeed implements Feed {
  readonly opened: Promise<Position | undefined>;
  #subscription: Subscription | undefined;

  constructor({ link, listener }: Session, topic: string, subject: string) {
    this.opened = link.ask(async () => {
      let refusal: Error | null = null;
      this.#subscription = link.connection.subscribe(subject, {
        callback: (error, { data }) => {
          refusal = error;
          if (error === null) receive(topic, data, listener);
        },
      });
      await link.flush();
      if (refusal !== null) throw refusal;
      return undefined;
    });
  }

  stop(): void {
    this.#subscription?.unsubscribe();
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
