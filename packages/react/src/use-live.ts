import type { Client } from "@ws/client";
import { type Live, type LiveOptions, live } from "@ws/client/live";
import type { Channel, TopicMessage, TopicName } from "@ws/contract";
import { useMemo, useSyncExternalStore } from "react";
import { linger } from "./linger.js";

/** What there is of a value that is kept up to date. */
export type LiveState<V> = Pick<Live<V>, "value" | "status" | "error">;

interface Held<V, M> {
  options: LiveOptions<V, M>;
  state: LiveState<V>;
  subscribe(changed: () => void): () => void;
}

const loading: LiveState<never> = { value: undefined, status: "loading", error: undefined };

/** `live` of `@ws/client/live`, as long as the component is there. */
export function useLive<C extends Channel, N extends TopicName<C>, V>(
  client: Client<C> | undefined,
  topic: N,
  options: LiveOptions<V, TopicMessage<C, N>>,
): LiveState<V> {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest options are put into the store below.
  const store = useMemo(() => {
    const made: Held<V, TopicMessage<C, N>> = {
      options,
      state: loading,
      subscribe: linger((changed) => {
        if (!client) return undefined;
        const source = live<C, N, V>(client, topic, {
          snapshot: (signal) => made.options.snapshot(signal),
          reduce: (value, message) => made.options.reduce(value, message),
        });
        return source.subscribe(() => {
          const { error, status, value } = source;
          made.state = { error, status, value };
          changed();
        });
      }),
    };
    return made;
  }, [client, topic]);
  store.options = options;
  const state = (): LiveState<V> => store.state;
  return useSyncExternalStore(store.subscribe, state, state);
}
