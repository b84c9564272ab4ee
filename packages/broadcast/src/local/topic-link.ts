import { Condition } from "../engine/condition.js";
import type { History, Position } from "../engine/engine.js";
import type { EngineLink } from "../engine/engine-link.js";

/** How long it takes to subscribe again where the engine refused, in ms; a part of it more, so that not all come at once. */
const wait = 250;

/** As many attempts in a row are refused before that is told. */
const patience = 3;

/** What the owner of a topic's link does. */
export interface TopicLinkListener {
  /** The topic was not subscribed and is now; `head` is where it stands. */
  subscribed(head: Position | undefined): void;
  /** Nothing of it is delivered from now on; what came up to now counts no more. */
  unsubscribed(): void;
  /** Nobody wants it any more, and the engine knows. */
  idle(): void;
}

/** The engine's subscription of one topic, kept as it is wanted. */
export class TopicLink {
  readonly #topic: string;
  readonly #history: History | undefined;
  readonly #link: EngineLink;
  readonly #listener: TopicLinkListener;
  readonly #condition = new Condition();
  #isWanted = false;
  #isSubscribed = false;
  /** Whether the engine was away, and has not said since that the subscription is whole. */
  #isInterrupted = false;
  #isRunning = false;
  #refusal: Error | undefined;
  /** How many attempts in a row were refused. */
  #refusals = 0;

  constructor(topic: string, history: History | undefined, link: EngineLink, listener: TopicLinkListener) {
    this.#topic = topic;
    this.#history = history;
    this.#link = link;
    this.#listener = listener;
  }

  /** Whether all is delivered that is to be; a publish waits for it. */
  get isWhole(): boolean {
    return this.#isWanted ? this.#isSubscribed && !this.#isInterrupted : true;
  }

  /** Why the server does not subscribe it, though it can be reached; it is tried on all the same. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  /** Resolves at the next change of these, of the engine's state or of who is there. */
  get changed(): Promise<void> {
    return this.#condition.next;
  }

  want(isWanted: boolean): void {
    if (this.#isWanted === isWanted) return;
    this.#isWanted = isWanted;
    if (!this.#isRunning) void this.#run();
  }

  interrupted(): void {
    this.#isInterrupted = this.#isSubscribed;
    this.#refusal = undefined;
    this.#condition.notify();
  }

  resumed(): void {
    this.#isInterrupted = false;
    this.#refusal = undefined;
    this.#condition.notify();
  }

  /** The server refuses to subscribe it again after an interruption. */
  refused(error: Error): void {
    if (!this.#isInterrupted) return;
    this.#refusal = error;
    this.#condition.notify();
  }

  /** Who waits looks again. */
  notify(): void {
    this.#condition.notify();
  }

  /** One call after the other: a topic is not subscribed again before the engine has let go of it. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isWanted !== this.#isSubscribed && !this.#link.isOver) {
      await (this.#isWanted ? this.#subscribe() : this.#unsubscribe());
    }
    this.#isRunning = false;
    if (!this.#isWanted) this.#listener.idle();
  }

  async #subscribe(): Promise<void> {
    try {
      if (!this.#link.isUp) await this.#link.whenUp();
      if (!this.#isWanted) return;
      const head = await this.#link.engine.subscribe(this.#topic, this.#history, this.#link.signal);
      this.#isSubscribed = true;
      this.#isInterrupted = false;
      this.#refusals = 0;
      this.#refusal = undefined;
      this.#listener.subscribed(head);
      this.#condition.notify();
    } catch (error) {
      // That a link was lost is told within the same turn; whoever is still up then was refused.
      await new Promise(setImmediate);
      if (this.#link.isUp && this.#isWanted) this.#refusedBy(error as Error);
      // Whoever gave up meanwhile need not wait for the next attempt.
      this.#condition.notify();
      if (!this.#link.isOver) await this.#link.pause(wait + wait * Math.random());
    }
  }

  /** A server that is busy takes it at the next attempt or the one after, and whoever waits need not know. */
  #refusedBy(error: Error): void {
    this.#refusals += 1;
    if (this.#refusals >= patience) this.#refusal = error;
  }

  async #unsubscribe(): Promise<void> {
    this.#isSubscribed = false;
    this.#refusal = undefined;
    this.#listener.unsubscribed();
    // An engine that is down has nothing to let go of.
    await this.#link.engine.unsubscribe(this.#topic).catch(() => {});
  }
}
