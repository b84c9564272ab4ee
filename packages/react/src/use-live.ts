import type { Client } from "@ws/client";
import { type Live, type LiveOptions, live } from "@ws/client/live";
import type { Channel, TopicMessage, TopicName } from "@ws/contract";
import { useStore } from "./use-store.js";

/** The parts of a live value that a component renders. */
export type LiveState<V> = Pick<Live<V>, "value" | "status" | "error">;

const loading = { status: "loading" } as LiveState<never>;

/** Keeps `live` of `@ws/client/live` as long as the component is mounted. */
export function useLive<C extends Channel, N extends TopicName<C>, V>(
  client: Client<C> | undefined,
  topic: N,
  options: LiveOptions<V, TopicMessage<C, N>>,
): LiveState<V> {
  return useStore(options, loading as LiveState<V>, client, topic, (store, show) => {
    if (!client) return undefined;
    const source = live<C, N, V>(client, topic, {
      snapshot: (signal) => store.options.snapshot(signal),
      reduce: (value, message) => store.options.reduce(value, message),
    });
    return source.subscribe(() => {
      const state = { value: source.value, status: source.status, error: source.error };
      show(() => state);
    });
  });
}
