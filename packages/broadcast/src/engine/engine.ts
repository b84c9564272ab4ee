/**
 * The position of a message in its topic: the sequence is 1, 2, 3 … within an epoch. A new epoch begins when the numbers
 * cannot continue: the engine was restarted or, where the order is the publisher's, the publisher was. No sequence of an
 * epoch is ever given twice. An engine that comes back with older data must begin a new epoch.
 */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

/** A message as an engine delivers it. `payload` is the JSON that was published, unchanged. */
export interface Delivery extends Position {
  readonly payload: string;
}

/** How much of a topic is kept so that receivers can catch up: the last `size` messages, for `ttl` milliseconds. */
export interface History {
  readonly size: number;
  readonly ttl: number;
}

/**
 * Either all messages that were published after a position, oldest first, or the answer that they cannot all be given any
 * more.
 */
export type Past =
  | { readonly recovered: true; readonly deliveries: readonly Delivery[] }
  | { readonly recovered: false };

/** A member that joined with an `as`. */
export interface Presence {
  /** The id of this membership, unique within its process. */
  readonly id: string;
  /** The process that the member is connected to. */
  readonly process: string;
  /** The `as` that the member joined with, as JSON. */
  readonly as: unknown;
}

/** What an engine reports to the process that started it. None of these methods throws. */
export interface EngineListener {
  /**
   * A message of a subscribed topic. Messages come in order within their epoch, each of them once. After `down`, a message
   * may come before `resumed`; at that point it is unknown what was missed before it, and the engine does not hold it back.
   */
  delivered(topic: string, delivery: Delivery): void;
  /** Something that is no message of this package came on a topic. It was dropped. */
  poisoned(topic: string): void;
  /**
   * The subscription of a topic was interrupted and is complete again. It is called once for each subscribed topic, after
   * `up`. `head` is the current position of the topic; `undefined` where the engine does not know it.
   */
  resumed(topic: string, head: Position | undefined): void;
  /**
   * The subscription of one topic was interrupted while the engine can still be reached, for example because one node of a
   * cluster was lost. `resumed` follows when it is complete again, and `refused` may come before that.
   */
  interrupted?(topic: string): void;
  /**
   * The server refuses to subscribe a topic again after an interruption. The engine goes on trying until the server accepts.
   */
  refused?(topic: string, error: Error): void;
  /** A process said this to all processes by `say`. It may have been this one. */
  heard(text: string): void;
  /** The engine can be reached again. It is not called for the start. */
  up(): void;
  /** The engine cannot be reached any more; the reason is one line. It is called once until `up`. */
  down(reason: string): void;
}

/**
 * What topics are sent over. An engine is made by `memory()`, `redis()` or `nats()`, and is started by one broadcast.
 *
 * Every failure is a `BroadcastError`: `ERR_WS_ENGINE_DOWN` while the engine cannot be reached, `ERR_WS_BROADCAST_CLOSED`
 * after `close`. A call whose signal is aborted always rejects with the signal's reason, and at once.
 */
export interface Engine {
  /** The name for logs and errors: `"memory"`, `"redis"`, `"nats"`. */
  readonly name: string;
  /**
   * Whether an epoch belongs to the topic (there is one at a time, and its sequence counts the messages of all publishers)
   * or to each publisher.
   */
  readonly order: "topic" | "publisher";
  /** Whether messages may come from another process, and therefore have to be validated. */
  readonly isShared: boolean;
  /** The name of this process in `members`: 8 to 64 characters of ASCII, unique among all processes. */
  readonly process: string;

  /**
   * Connects. From then on the engine reconnects by itself, until `close`. A start that failed may be tried again.
   *
   * @throws {BroadcastError} `ERR_WS_ENGINE_UNREACHABLE`, with the reason in one line.
   */
  start(listener: EngineListener, signal: AbortSignal): Promise<void>;

  /**
   * Resolves when the engine has accepted the message. Messages are sent in the order of the calls. A publish that failed is
   * never repeated by the engine, and may have been accepted nevertheless. It rejects at once while the engine is down. A
   * payload is any text without U+001E.
   *
   * With a `key`, which has 1 to 128 characters of ASCII, a publish is sent only once: a second one on the same topic within
   * two minutes sends nothing, and resolves with the position of the first. An engine whose order is the publisher's
   * remembers only the keys of its own process.
   */
  publish(
    topic: string,
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
    key?: string,
  ): Promise<Position>;

  /**
   * Resolves when every later publish will be delivered, with the current position of the topic. Its sequence is 0 where
   * nothing was published in this epoch yet; the position is `undefined` where positions belong to the publishers. It is
   * called once for a topic, until `unsubscribe` has settled. The subscription survives interruptions. If the call rejects,
   * the topic is not subscribed, and the call may be repeated.
   */
  subscribe(topic: string, history: History | undefined, signal: AbortSignal): Promise<Position | undefined>;

  /** Ends the subscription. Nothing of this topic is delivered after the call. */
  unsubscribe(topic: string): Promise<void>;

  /**
   * The current position of a subscribed topic; where positions belong to the publishers, that of the publisher of `epoch`.
   * It is `undefined` where nobody can tell, for example because the publisher has ended. Every message up to it has been
   * delivered, or will be within a moment, or is lost. Without this method a forged message cannot be detected, nor the loss
   * of the last message.
   */
  head?(
    topic: string,
    epoch: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined>;

  /** All messages that were published after `after` up to now. */
  past(topic: string, after: Position, history: History, signal: AbortSignal): Promise<Past>;

  /**
   * Lists a member as long as this process lives and renews the entry. The member stays listed until `leave`, even where the
   * call rejects: the engine lists it when it is back, and again after each interruption. While the engine is down, and
   * before its start, the call resolves.
   */
  enter(topic: string, id: string, as: unknown): Promise<void>;

  /** Takes a member off the list. Where the call rejects, the engine does it when it is back. */
  leave(topic: string, id: string): Promise<void>;

  /** The members that are listed, of all processes. */
  members(topic: string, signal: AbortSignal): Promise<readonly Presence[]>;

  /**
   * Says something to every process, including this one, which is told by `heard`; each is told at most once. It resolves
   * with the number of processes, where the engine knows it. Without this method nothing can be asked of other processes.
   */
  say?(text: string, signal: AbortSignal): Promise<number | undefined>;

  /** Closes every connection and timer. Calls under way reject. It never rejects, and a second call does nothing. */
  close(): Promise<void>;
}
