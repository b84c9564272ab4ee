import type { Client, Gap } from "@ws/client";
import type { Channel, TopicMessage, TopicName } from "@ws/contract";
import { useMemo, useSyncExternalStore } from "react";
import { linger } from "./linger.js";

export interface TopicOptions<V, M> {
  /** The value before the first message. */
  readonly initial: V;
  /** The value with a message. It is called once for each message, in order. */
  reduce(value: V, message: M): V;
  /** The value where messages may be missing; as it was by default. */
  onGap?(value: V, gap: Gap): V;
}

/** A value that a topic's messages make. */
interface Store<V, M> {
  options: TopicOptions<V, M>;
  value: V;
  subscribe(changed: () => void): () => void;
}

function createStore<C extends Channel, N extends TopicName<C>, V>(
  client: Client<C> | undefined,
  topic: N,
  options: TopicOptions<V, TopicMessage<C, N>>,
): Store<V, TopicMessage<C, N>> {
  let from: string | undefined;
  const store: Store<V, TopicMessage<C, N>> = {
    options,
    value: options.initial,
    subscribe: linger((changed) => {
      const set = (value: V): void => {
        store.value = value;
        changed();
      };
      const subscription = client?.subscribe(topic, {
        from,
        onMessage: (message) => set(store.options.reduce(store.value, message)),
        onGap: (gap) => set(store.options.onGap?.(store.value, gap) ?? store.value),
      });
      return () => {
        from = subscription?.position;
        subscription?.unsubscribe();
      };
    }),
  };
  return store;
}

/**
 * The value that the messages of a topic make, each of them taken once. Another client or topic begins anew with `initial`; without a
 * client it stays that.
 */
export function useTopic<C extends Channel, N extends TopicName<C>, V>(
  client: Client<C> | undefined,
  topic: N,
  options: TopicOptions<V, TopicMessage<C, N>>,
): V {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest options are put into the store below.
  const store = useMemo(() => createStore(client, topic, options), [client, topic]);
  store.options = options;
  const value = (): V => store.value;
  return useSyncExternalStore(store.subscribe, value, value);
}
