import { offAbort, onAbort } from "../../../engine/aborts.js";
import type { Link } from "../connect/link.js";
import type { Names } from "../connect/names.js";
import type { ReplyMux } from "../publish/reply-mux.js";
import { formatSign, parseSign } from "./presence-message.js";

/** How long other processes are awaited at most, in ms. */
const patience = 1_000;

/** How long a new connection waits at least, in ms, because it does not know the other processes yet. */
const acquaintance = 100;

/** The other processes that are known to live. */
export interface Others {
  readonly self: string;
  others(): Set<string>;
}

/**
 * Makes sure that the other servers of a cluster know a new subscription. A server tells them by the same routes that its
 * messages take, so when a process behind another server has answered us, that server knows. Calls of the same moment share
 * the question.
 */
export class Interest {
  readonly #link: Link;
  readonly #replies: ReplyMux;
  readonly #names: Names;
  readonly #others: Others;
  #asking: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(link: Link, replies: ReplyMux, names: Names, others: Others) {
    this.#link = link;
    this.#replies = replies;
    this.#names = names;
    this.#others = others;
  }

  /** Resolves when the subscriptions up to now are known everywhere; at once where the server is alone. */
  spread(): Promise<void> {
    if (this.#link.connection.info?.cluster === undefined) return Promise.resolve();
    this.#next ??= this.#asking.then(() => {
      this.#next = undefined;
      this.#asking = this.#ask();
      return this.#asking;
    });
    return this.#next;
  }

  #ask(): Promise<void> {
    const { signal, since } = this.#link;
    const waiting = this.#others.others();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(sure);
        clearTimeout(over);
        offAbort(signal, watcher);
        reply.close();
        resolve();
      };
      const watcher = { aborted: finish };
      let isSure = false;
      const look = (): void => {
        if (isSure && waiting.size === 0) finish();
      };
      const young = since + patience - performance.now();
      const sure = setTimeout(
        () => {
          isSure = true;
          look();
        },
        Math.min(acquaintance, young),
      );
      const over = setTimeout(finish, patience);
      onAbort(signal, watcher);
      const reply = this.#replies.open((message) => {
        waiting.delete(parseSign(message.string())?.process ?? "");
        look();
      });
      this.#link.publish(this.#names.beats, formatSign(this.#others.self, "hello"), reply.subject);
    });
  }
}
