import type { Msg, NatsConnection } from "@nats-io/transport-node";
import type { Position } from "../../../engine/engine.js";
import type { Link } from "../connect/link.js";
import type { Names } from "../connect/names.js";
import { within } from "../connect/within.js";
import type { ReplyMux } from "../publish/reply-mux.js";
import type { Sequencer } from "../publish/sequencer.js";

/** How long a publisher may take to tell its position, in ms. The receivers of the topic wait meanwhile. */
const patience = 1_000;

/** The positions of the publishers of topics without history. Each publisher answers for its own epoch. */
export class Heads {
  readonly #link: Link;
  readonly #replies: ReplyMux;
  readonly #names: Names;
  readonly #sequencer: Sequencer;

  constructor(link: Link, replies: ReplyMux, names: Names, sequencer: Sequencer) {
    this.#link = link;
    this.#replies = replies;
    this.#names = names;
    this.#sequencer = sequencer;
  }

  /** Answers for the epoch of this process, until the connection ends. */
  attach(): void {
    let stop = this.#listen();
    this.#sequencer.onRenewed = () => {
      if (this.#link.connection.isClosed()) return;
      stop();
      stop = this.#listen();
    };
  }

  /** Asks the publisher of an epoch; `undefined` where it does not answer, for example because it has ended. */
  async ask(topic: string, epoch: string, signal: AbortSignal): Promise<Position | undefined> {
    let answered!: (message: Msg) => void;
    const answer = new Promise<Msg>((resolve) => {
      answered = resolve;
    });
    const reply = this.#replies.open(answered);
    try {
      this.#link.publish(this.#names.head(epoch), topic, reply.subject);
      const text = (await within(answer, signal, AbortSignal.timeout(patience))).string();
      return /^[1-9]\d{0,14}$/.test(text) ? { epoch, sequence: Number(text) } : undefined;
    } catch {
      signal.throwIfAborted();
      return undefined;
    } finally {
      reply.close();
    }
  }

  /** Answers for the current epoch of this process. It returns the function that ends this. */
  #listen(): () => void {
    const { connection }: { connection: NatsConnection } = this.#link;
    const subscription = connection.subscribe(this.#names.head(this.#sequencer.epoch), {
      callback: (error, message) => {
        if (error === null && message.reply) this.#answer(message.string(), message.reply);
      },
    });
    return () => subscription.unsubscribe();
  }

  #answer(topic: string, to: string): void {
    const last = this.#sequencer.last(topic);
    if (last !== undefined) this.#link.publish(to, String(last));
  }
}
