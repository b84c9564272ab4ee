import type { TopicJoinOptions } from "./served-topic.js";

/** The two functions that make the frames of one topic. */
export type TopicEncoder = Pick<TopicJoinOptions, "encode" | "encodeSkipped">;

interface Counted {
  readonly encoder: TopicEncoder;
  users: number;
}

function encoderOf(name: string): TopicEncoder {
  const begin = `{"jsonrpc":"2.0","method":"$/event","params":{"topic":${JSON.stringify(name)},"at":"`;
  return {
    // The payload is JSON already, and an epoch contains nothing that has to be escaped.
    encode: ({ epoch, sequence, payload }) => `${begin}${epoch}.${sequence}","data":${payload}}}`,
    encodeSkipped: ({ epoch, sequence }) => `${begin}${epoch}.${sequence}"}}`,
  };
}

/** One encoder for all clients that use the same name for a topic, so that its frames are made once per message. */
export class TopicEncoders {
  readonly #encoders = new Map<string, Counted>();

  take(name: string): TopicEncoder {
    const counted = this.#encoders.get(name) ?? { encoder: encoderOf(name), users: 0 };
    counted.users += 1;
    this.#encoders.set(name, counted);
    return counted.encoder;
  }

  /** Gives back an encoder that was taken. */
  leave(name: string): void {
    const counted = this.#encoders.get(name) as Counted;
    counted.users -= 1;
    if (counted.users === 0) this.#encoders.delete(name);
  }
}
