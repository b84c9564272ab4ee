import type { Msg } from "@nats-io/transport-node";
import type { Names } from "../connect/names.js";
import { formatSign, parseSign } from "../session/presence-message.js";
import type { Session } from "../session/session.js";

/** How often a process reports that it lives, and how long a report is valid, in ms. */
const beat = 4_000;
const lease = 12_000;

/** The other processes with this prefix that are known to live. */
export class Heartbeats {
  /** The name of this process, with which all of its signs and answers begin. */
  readonly self: string;
  readonly #names: Names;
  /** Until when each process counts as alive, in ms of `performance.now()`. */
  readonly #leases = new Map<string, number>();

  constructor(self: string, names: Names) {
    this.self = self;
    this.#names = names;
  }

  /**
   * Says hello, which the other processes answer at once, and reports from then on that this process lives, until the
   * connection ends.
   */
  attach(session: Session): void {
    const { connection, signal } = session.link;
    const heard = (message: Msg): void => this.#heard(session, message);
    connection.subscribe(this.#names.beats, {
      callback: (error, message) => {
        if (error === null) heard(message);
      },
    });
    this.#say(session, "hello", session.replies.open(heard).subject);
    const beats = setInterval(() => this.#say(session, "beat"), beat);
    signal.addEventListener("abort", () => clearInterval(beats));
  }

  /** Tells the other processes that this one leaves, so that they do not wait for it any longer. */
  leave(session: Session): void {
    this.#say(session, "bye");
  }

  others(): Set<string> {
    const now = performance.now();
    for (const [process, until] of this.#leases) if (until < now) this.#leases.delete(process);
    return new Set(this.#leases.keys());
  }

  #say({ link }: Session, word: string, reply = ""): void {
    link.publish(this.#names.beats, formatSign(this.self, word), reply);
  }

  #heard({ link }: Session, message: Msg): void {
    const sign = parseSign(message.string());
    if (sign === undefined || sign.process === this.self) return;
    if (sign.word === "bye") this.#leases.delete(sign.process);
    else this.#leases.set(sign.process, performance.now() + lease);
    if (sign.word === "hello" && message.reply) link.publish(message.reply, formatSign(this.self, "beat"));
  }
}
