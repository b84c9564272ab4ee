import type { EngineListener, Position } from "./engine.js";
import { Ear } from "./nats-ear.js";
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
  #ear: Ear | undefined;

  /** `lost` is called where the server ends it after it was opened. */
  constructor({ link, listener }: Session, topic: string, subject: string, lost: () => void) {
    this.opened = link.ask(async () => {
      const received = ({ data }: { readonly data: Uint8Array }): void => receive(topic, data, listener);
      const ear = new Ear(link.connection, subject, { received, lost });
      this.#ear = ear;
      await link.flush();
      ear.open();
      return undefined;
    });
  }

  stop(): void {
    this.#ear?.stop();
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
