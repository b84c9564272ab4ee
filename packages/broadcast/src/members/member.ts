import type { Connection } from "@ws/connection";
import { CloseCode, ConnectionClosed, sentAtOnce } from "@ws/events";
import type { Position } from "../engine/engine.js";
import { listenToAbort } from "../receivers/abort-listener.js";
import { Backlog } from "../receivers/backlog.js";
import { ReceiverTally } from "../receivers/counters.js";
import type { Gap } from "../receivers/gap.js";
import { tell } from "../receivers/listener-errors.js";
import type { Encode, Message } from "../receivers/message.js";
import type { JoinOptions } from "../receivers/options.js";
import { keyOf, type Receiver } from "../receivers/receiver.js";
import { endedOnPurpose, isDismissal } from "./departure.js";
import type { MemberContext } from "./member-context.js";

/** How many messages above `max` may wait for a moment: within a turn nobody can know whether the socket keeps up. */
const grace = 10_000;

type Context = MemberContext<Member>;

/** A connection that gets every message of a topic. */
export class Member implements Receiver {
  readonly counters: ReceiverTally = new ReceiverTally();
  /** The number of this membership, from 1, unique within its process. */
  readonly id: number;
  /** The `as` that it joined with; `undefined` where it joined without. */
  readonly as: unknown;
  /** Called when the member has left, either on purpose or so that it may come back. */
  onLeave: ((onPurpose: boolean) => void) | undefined;
  readonly #connection: Connection<unknown>;
  readonly #options: JoinOptions<never>;
  /** Read for every message. Each member has options of its own, which would be one more place in memory to touch. */
  readonly #encode: Encode | undefined;
  readonly #context: Context;
  #backlog: Backlog | undefined;
  /** Whether messages have to wait, because a send waits or the history is being sent. */
  #isBusy = false;
  #isReplaying = false;
  /** Whether the current send has waited for longer than a turn. */
  #isStuck = false;
  #isJudged = false;
  #isGone = false;
  #awaited: Promise<void> | undefined;
  #floor: Position | undefined;
  #onSent: (() => void) | undefined;
  #onFailed: ((error: unknown) => void) | undefined;

  constructor(id: number, connection: Connection<unknown>, options: JoinOptions<never>, context: Context) {
    this.id = id;
    this.as = options.as;
    this.#connection = connection;
    this.#options = options;
    this.#encode = options.encode;
    this.#context = context;
    listenToAbort(connection.signal, this);
  }

  /** Whether messages have to be read for their keys. */
  get isKeyed(): boolean {
    return this.#options.key !== undefined;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** The connection has ended. */
  handleEvent(): void {
    this.leave(endedOnPurpose(this.#connection.signal.reason));
  }

  /** Leaves the topic. A second call does nothing. */
  leave(onPurpose: boolean): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#connection.signal.removeEventListener("abort", this);
    this.#backlog?.clear();
    this.#context.left(this);
    this.onLeave?.(onPurpose);
  }

  /** Sends a message or lets it wait; true where it was sent. */
  deliver(message: Message, value: unknown): boolean {
    if (this.#isBusy) {
      this.#wait(message, value);
      return false;
    }
    if (this.#floor !== undefined && this.#isOld(message)) return false;
    return this.#send(message);
  }

  /** Sends what replaces a message that this member does not get, in its place in the order. */
  skip(message: Message): void {
    if (this.#options.encodeSkipped !== undefined) this.deliver(message.skipped, undefined);
  }

  gap(gap: Gap): void {
    if (!this.#isBusy) return this.missed(gap);
    this.counters.gaps += 1;
    this.#waiting().gap(gap);
  }

  end(): void {
    this.leave(false);
  }

  hold(): void {
    this.#isBusy = true;
    this.#isReplaying = true;
    this.#backlog?.clear();
  }

  async replay(message: Message): Promise<void> {
    if (message.isSkipped && this.#options.encodeSkipped === undefined) return;
    if (this.#isGone || !this.#send(message)) return;
    this.#context.tally.count("delivered");
    // Waits as for a send of its own, so that a long history does not overfill the socket.
    await this.#awaited?.catch(() => {});
  }

  missed(gap: Gap): void {
    this.counters.gaps += 1;
    tell(this.#options.onGap, gap);
  }

  release(floor: Position | undefined): void {
    this.#floor = floor;
    this.#isReplaying = false;
    this.#flush();
  }

  skipTo(floor: Position | undefined): void {
    this.#floor = floor;
  }

  /** Whether the member already has this message from the history. */
  #isOld({ epoch, sequence }: Message): boolean {
    const floor = this.#floor;
    if (floor?.epoch === epoch && sequence <= floor.sequence) return true;
    this.#floor = undefined;
    return false;
  }

  /** Sends a message; true where the connection accepted it, which may still take time to send it. */
  #send(message: Message): boolean {
    let sending: Promise<void>;
    try {
      const encode = message.isSkipped ? this.#options.encodeSkipped : this.#encode;
      sending = this.#connection.send(message.frameFor(this.#context, encode));
    } catch (error) {
      this.#failed(error);
      return false;
    }
    if (!message.isSkipped) this.counters.delivered += 1;
    // A send that the socket took at once need not be awaited.
    if (sending !== sentAtOnce) this.#await(sending);
    return true;
  }

  #await(sending: Promise<void>): void {
    this.#isBusy = true;
    this.#awaited = sending;
    // It is made once for a member, and not at all for one whose socket always keeps up.
    this.#onSent ??= () => this.#sent();
    this.#onFailed ??= (error) => this.#failed(error);
    sending.then(this.#onSent, this.#onFailed);
  }

  #sent(): void {
    this.#awaited = undefined;
    this.#isStuck = false;
    if (!this.#isReplaying) this.#flush();
  }

  /**
   * Handles a failed send. Where the connection has ended this is expected; anything else is an error of something that
   * wraps `send`.
   */
  #failed(error: unknown): void {
    this.#awaited = undefined;
    if (this.#isGone) return;
    if (!(error instanceof ConnectionClosed)) this.disconnect(CloseCode.InternalError, "send failed");
    this.leave(false);
  }

  /** Closes the connection and ends the membership. */
  disconnect(code: number, reason: string): void {
    if (this.#isGone) return;
    this.#context.tally.count("disconnected");
    this.leave(isDismissal(code));
    this.#connection.close(code, reason).catch(() => {});
  }

  /** Sends the messages that wait, until a send has to wait or none is left. */
  #flush(): void {
    const backlog = this.#backlog;
    // Listeners of gaps may publish; their messages have to wait behind these.
    this.#isBusy = true;
    while (backlog !== undefined && !this.#isGone && !backlog.isEmpty) {
      const next = backlog.shift();
      for (const gap of next?.gaps ?? backlog.takeGaps()) tell(this.#options.onGap, gap);
      if (next === undefined || this.#isGone || this.#isOld(next.message)) continue;
      if (this.#send(next.message)) this.#context.tally.count("delivered");
      if (this.#awaited !== undefined) return;
    }
    this.#isBusy = false;
  }

  #waiting(): Backlog {
    const { overflow = "disconnect", onGap } = this.#options;
    this.#backlog ??= new Backlog(this.#context.topic, overflow, onGap !== undefined);
    return this.#backlog;
  }

  #wait(message: Message, value: unknown): void {
    const { max = 64 } = this.#options;
    const backlog = this.#waiting();
    if (backlog.append(message, undefined, keyOf(this.#options, value))) {
      this.counters.coalesced += 1;
      this.#context.tally.count("coalesced");
    }
    if (backlog.size <= max) return;
    if (this.#isStuck || backlog.size > max + grace) this.#overflow(backlog);
    else if (!this.#isJudged) this.#judgeLater();
  }

  #judgeLater(): void {
    this.#isJudged = true;
    setImmediate(() => {
      this.#isJudged = false;
      if (this.#isGone || this.#isReplaying || this.#awaited === undefined) return;
      this.#isStuck = true;
      this.#overflow(this.#waiting());
    });
  }

  #overflow(backlog: Backlog): void {
    const { overflow = "disconnect", max = 64 } = this.#options;
    if (backlog.size <= max) return;
    if (overflow === "disconnect") {
      this.disconnect(CloseCode.TryAgainLater, "too slow for the topic");
      return;
    }
    const dropped = backlog.trim(max);
    this.counters.dropped += dropped;
    this.#context.tally.count("dropped", dropped);
  }
}
