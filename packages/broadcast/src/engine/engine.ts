/**
 * Where a message stands in its topic: 1, 2, 3 … within an epoch. An epoch ends when its numbers can't go on: the
 * engine was restarted, or, for an engine whose order is the publisher's, the publisher was. No number of an epoch is
 * ever given twice, also by an engine that came back with older data: it begins another epoch.
 */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

/** A message as an engine delivers it; `payload` is the JSON that was published, unchanged. */
export interface Delivery extends Position {
  readonly payload: string;
}

/** How much of a topic is kept, so that members can come back: `size` messages, for `ttl` milliseconds. */
export interface History {
  readonly size: number;
  readonly ttl: number;
}

/** All that was published after a position, oldest first, or that this can't be told any more. */
export type Past =
  | { readonly recovered: true; readonly deliveries: readonly Delivery[] }
  | { readonly recovered: false };

/** A member that said who it is. */
export interface Presence {
  /** Of this membership; different from all others of its process. */
  readonly id: string;
  /** Of the process that it is connected to. */
  readonly process: string;
  /** What it said, as JSON. */
  readonly as: unknown;
}

/** What an engine tells the process that started it. None of these throws. */
export interface EngineListener {
  /**
   * A message of a topic that is subscribed, in order within its epoch, each once. After `down` it may come before
   * `resumed`, with nobody knowing what was missed before it: the engine holds nothing back.
   */
  delivered(topic: string, delivery: Delivery): void;
  /** Something came on a topic that is not a message of this package; it was dropped. */
  poisoned(topic: string): void;
  /**
   * The subscription of a topic was interrupted and is whole again; told once for each topic that is subscribed, after
   * `up`. `head` is where the topic stands now; `undefined` where the engine can't tell.
   */
  resumed(topic: string, head: Position | undefined): void;
  /**
   * The subscription of one topic was interrupted though the engine can be reached, as where one node of a cluster is lost:
   * `resumed` follows when it is whole again, and `refused` may come before.
   */
  interrupted?(topic: string): void;
  /** The server refuses to subscribe that topic again after an interruption, and why; it is tried until it is taken. */
  refused?(topic: string, error: Error): void;
  /** A process said that to all of them by `say`; this one too. */
  heard(text: string): void;
  /** The engine can be reached again; not told for the start. */
  up(): void;
  /** The engine can't be reached any more, why in one line; told once until `up`. */
  down(reason: string): void;
}

/**
 * What topics go over. Made by `memory()`, `redis()` or `nats()`, and started by one broadcast.
 *
 * Every failure is a `BroadcastError`: `ERR_WS_ENGINE_DOWN` while it can't be reached, `ERR_WS_BROADCAST_CLOSED` after
 * `close`. What is aborted by its signal rejects with the signal's reason, in any case and at once.
 */
export interface Engine {
  /** For logs and errors: `"memory"`, `"redis"`, `"nats"`. */
  readonly name: string;
  /** Whether an epoch is the topic's (one at a time, its sequence over all publishers) or each publisher's own. */
  readonly order: "topic" | "publisher";
  /** Whether what is delivered may come from another process, and so must be validated. */
  readonly isShared: boolean;
  /** The name of this process in `members`: 8 to 64 characters of ASCII, different from all others. */
  readonly process: string;

  /**
   * Connects; from then on the engine reconnects by itself, until `close`. A start that failed may be tried again.
   *
   * @throws {BroadcastError} `ERR_WS_ENGINE_UNREACHABLE`, why in one line.
   */
  start(listener: EngineListener, signal: AbortSignal): Promise<void>;

  /**
   * Resolves when the engine has taken it. Calls are taken in order; what fails is never tried again, and may have been
   * taken. Rejects at once while the engine is down. A payload is any text without U+001E.
   *
   * With a `key`, 1 to 128 characters of ASCII, a second publish on that topic within two minutes of the first is the
   * first: it resolves with the position of that one, and nothing is sent. An engine whose order is the publisher's
   * remembers the keys of its own process alone.
   */
  publish(
    topic: string,
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
    key?: string,
  ): Promise<Position>;

  /**
   * Resolves when every later publish will be delivered, with where the topic stands: at sequence 0 where nothing was
   * published in its epoch yet; `undefined` where positions are each publisher's own. Called once for a topic until
   * `unsubscribe` has settled. It stays subscribed over interruptions; one that rejected is not subscribed, and may be
   * tried again.
   */
  subscribe(topic: string, history: History | undefined, signal: AbortSignal): Promise<Position | undefined>;

  /** Nothing more of this topic is delivered, from the call on. */
  unsubscribe(topic: string): Promise<void>;

  /**
   * Where a topic that is subscribed stands now; where positions are each publisher's own, where the publisher of `epoch`
   * stands. `undefined` where that can't be told, as by a publisher that has ended. All that stands before it has been
   * delivered already, or will be within a moment, or is lost. An engine without it can't tell a message that was forged,
   * nor that the last one was lost.
   */
  head?(
    topic: string,
    epoch: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined>;

  /** All that was published after `after` up to now. */
  past(topic: string, after: Position, history: History, signal: AbortSignal): Promise<Past>;

  /**
   * Lists a member, for as long as this process lives and says so. What is entered stays so until `leave`, also where
   * the call rejects: it is announced when the engine is back, and again after each interruption. While it is down, and
   * before its start, the call resolves all the same.
   */
  enter(topic: string, id: string, as: unknown): Promise<void>;

  /** Takes a member off the list. Where the call rejects, that is made good when the engine is back. */
  leave(topic: string, id: string): Promise<void>;

  /** Who is listed, in every process. */
  members(topic: string, signal: AbortSignal): Promise<readonly Presence[]>;

  /**
   * Says something to every process, this one too, by the `heard` of each; at most once. Resolves with to how many, where
   * the engine knows. Without it, nothing can be asked of other processes.
   */
  say?(text: string, signal: AbortSignal): Promise<number | undefined>;

  /** Lets go of every connection and timer. What is under way rejects. Never rejects; again, it does nothing. */
  close(): Promise<void>;
}
