/**
 * A value that is fetched once and then kept up to date by a topic: `live(client, topic, { snapshot, reduce })`. It is a
 * store in the form that frameworks use.
 *
 * @module
 */
import type { Channel, TopicMessage, TopicName } from "@ws/contract";
import { parsePosition } from "@ws/contract/wire";
import type { Client } from "./channel/client.js";
import type { Subscription } from "./channel/subscription.js";

/** The value of a topic at one of its positions. */
export interface Snapshot<V> {
  readonly value: V;
  /** The position of the last message that the value contains. */
  readonly position: string;
}

export interface LiveOptions<V, M> {
  /**
   * Fetches the value, at first and again where messages may be missing. A fetch that fails is repeated after growing
   * pauses.
   */
  snapshot(signal: AbortSignal): Snapshot<V> | Promise<Snapshot<V>>;
  /** Gives the value after a message of the topic. */
  reduce(value: V, message: M): V;
}

/** A value that is kept up to date while somebody listens. */
export interface Live<V> {
  readonly value: V | undefined;
  /** `stale` while the value may be out of date, because there is no connection or because it is being fetched again. */
  readonly status: "loading" | "live" | "stale";
  /** Why the value cannot be fetched at the moment; or why the server has ended the topic or the client, which is final. */
  readonly error: unknown;
  /**
   * Adds a listener, and returns the function that removes it. The value is kept up to date from the first listener to the
   * last.
   */
  subscribe(changed: () => void): () => void;
}

/** How many messages are kept while the value is fetched. Above this number it is fetched again. */
const mostKept = 1_024;

/** A message of the topic that the snapshot may already contain. */
interface Kept<M> {
  readonly message: M;
  readonly at: string;
}

/** Whether a message comes after a position; one of another epoch counts as later. */
function isBehind(at: string, position: string): boolean {
  const [message, snapshot] = [parsePosition(at), parsePosition(position)];
  return message?.epoch !== snapshot?.epoch || Number(message?.sequence) > Number(snapshot?.sequence);
}

export function live<C extends Channel, N extends TopicName<C>, V>(
  client: Client<C>,
  topic: N,
  { reduce, snapshot }: LiveOptions<V, TopicMessage<C, N>>,
): Live<V> {
  type Message = TopicMessage<C, N>;
  const listeners = new Set<() => void>();
  let value: V | undefined;
  let error: unknown;
  let isFetched = false;
  let kept: Kept<Message>[] = [];
  let fetching: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let subscription: Subscription<unknown, unknown> | undefined;
  let unlisten: (() => void) | undefined;

  const changed = (): void => {
    for (const listener of [...listeners]) listener();
  };

  const fetch = async (failures = 0): Promise<void> => {
    fetching?.abort();
    clearTimeout(timer);
    const own = new AbortController();
    fetching = own;
    kept = [];
    try {
      await subscription?.joined;
      const found = await snapshot(own.signal);
      if (fetching !== own) return;
      value = found.value;
      for (const { at, message } of kept) if (isBehind(at, found.position)) value = reduce(value, message);
      [isFetched, fetching, error] = [true, undefined, undefined];
    } catch (thrown) {
      if (fetching !== own) return;
      error = thrown;
      timer = setTimeout(() => void fetch(failures + 1), Math.min(30_000, 1_000 * 2 ** failures));
    }
    changed();
  };

  const pause = (): void => {
    fetching?.abort();
    fetching = undefined;
    isFetched = false;
    clearTimeout(timer);
  };

  const start = (): void => {
    unlisten = client.onState(changed);
    subscription = client.subscribe(topic, {
      onMessage(message: Message, at: string) {
        if (fetching) {
          kept.push({ message, at });
          if (kept.length > mostKept) void fetch();
        } else if (isFetched) {
          value = reduce(value as V, message);
          changed();
        }
      },
      onGap() {
        void fetch();
        changed();
      },
      onEnd(reason) {
        if (!reason) return;
        pause();
        error = reason;
        changed();
      },
    });
    void fetch();
  };

  const stop = (): void => {
    pause();
    unlisten?.();
    subscription?.unsubscribe();
  };

  return {
    get value() {
      return value;
    },
    get status() {
      if (isFetched && !fetching && client.state.phase === "open") return "live";
      return value === undefined ? "loading" : "stale";
    },
    get error() {
      return error;
    },
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) start();
      return () => {
        if (listeners.delete(listener) && !listeners.size) stop();
      };
    },
  };
}
