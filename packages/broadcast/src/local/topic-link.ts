import { Condition } from "../engine/condition.js";
import type { History, Position } from "../engine/engine.js";
import type { EngineLink } from "../engine/engine-link.js";

/**
 * How long to wait before subscribing again after the engine refused, in ms. A random part is added, so that processes do
 * not all try at once.
 */
const wait = 250;

/** After so many refusals in a row the refusal is reported. */
const patience = 3;

/** What the owner of a topic's link is told. */
export interface TopicLinkListener {
  /** The topic has been subscribed; `head` is its position. */
  subscribed(head: Position | undefined): void;
  /** Nothing of the topic is delivered from now on, and its old position no longer counts. */
  unsubscribed(): void;
  /** Nobody uses the topic any more, and the engine has ended the subscription. */
  idle(): void;
}

/** Keeps the engine's subscription of one topic in the state that is wanted. */
export class TopicLink {
  readonly #topic: string;
  readonly #history: History | undefined;
  readonly #link: EngineLink;
  readonly #listener: TopicLinkListener;
  readonly #condition = new Condition();
  #isWanted = false;
  #isSubscribed = false;
  /** Whether the engine was away and has not yet reported that the subscription is complete. */
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

  /** Whether everything is delivered that should be. A publish waits for it. */
  get isWhole(): boolean {
    return this.#isWanted ? this.#isSubscribed && !this.#isInterrupted : true;
  }

  /** Why the server does not subscribe the topic, although it can be reached; it is still tried. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  /** Resolves when one of these changes next, or the engine's state, or whether the topic is used. */
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

  /** The server refuses to subscribe the topic again after an interruption. */
  refused(error: Error): void {
    if (!this.#isInterrupted) return;
    this.#refusal = error;
    this.#condition.notify();
  }

  /** Makes everybody who waits check again. */
  notify(): void {
    this.#condition.notify();
  }

  /** Makes one call after the other: a topic is not subscribed again before the engine has ended its last subscription. */
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
      // The loss of a connection is reported within the same turn. If the engine is still up after that, it was a refusal.
      await new Promise(setImmediate);
      if (this.#link.isUp && this.#isWanted) this.#refusedBy(error as Error);
      // A caller that gave up meanwhile need not wait for the next attempt.
      this.#condition.notify();
      if (!this.#link.isOver) await this.#link.pause(wait + wait * Math.random());
    }
  }

  /** Handles a refusal. A busy server accepts the next attempt or the one after that, and callers need not know of it. */
  #refusedBy(error: Error): void {
    this.#refusals += 1;
    if (this.#refusals >= patience) this.#refusal = error;
  }

  async #unsubscribe(): Promise<void> {
    this.#isSubscribed = false;
    this.#refusal = undefined;
    this.#listener.unsubscribed();
    // An engine that is down has no subscription to end.
    await this.#link.engine.unsubscribe(this.#topic).catch(() => {});
  }
}
