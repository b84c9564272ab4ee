import { offAbort, onAbort } from "../../../engine/aborts.js";
import type { Link } from "../connect/link.js";
import type { Names } from "../connect/names.js";
import type { ReplyMux } from "../publish/reply-mux.js";
import { formatSign, parseSign } from "./presence-message.js";

/** How long others are waited for at most, in ms. */
const patience = 1_000;

/** How long a young connection waits at least, in ms, as it does not know yet who the others are. */
const acquaintance = 100;

/** The other processes that are known to live. */
export interface Others {
  readonly self: string;
  others(): Set<string>;
}

/**
 * Makes sure that the other servers of a cluster know what was subscribed. A server tells them by the routes on which its
 * messages go, too: so whoever is behind another server and has answered us is behind one that knows. Those who ask in the
 * same moment share the question.
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

  /** Resolves when what was subscribed up to now is known; at once where the server stands alone. */
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
