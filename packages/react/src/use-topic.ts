import type { Client, Gap } from "@ws/client";
import type { Channel, TopicMessage, TopicName } from "@ws/contract";
import { useStore } from "./use-store.js";

export interface TopicOptions<V, M> {
  /** The value before the first message. */
  readonly initial: V;
  /** The value with a message. It is called once for each message, in order. */
  reduce(value: V, message: M): V;
  /** The value where messages may be missing; as it was by default. */
  onGap?(value: V, gap: Gap): V;
  /**
   * The value where nothing more comes: the server has ended or refuses the topic, or the client, as where its sign-in is lost. Without
   * it the error is thrown while rendering, to the nearest error boundary: a value that stands still must not look like one that lives.
   */
  onEnd?(value: V, error: Error): V;
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
  let from: string | undefined;
  return useStore(options, options.initial, client, topic, (store, show) => {
    if (!client) return undefined;
    const set = (value: V): void => show(() => value);
    const subscription = client.subscribe(topic, {
      from,
      onMessage: (message) => set(store.options.reduce(store.read(), message)),
      onGap: (gap) => set(store.options.onGap?.(store.read(), gap) ?? store.read()),
      onEnd(error) {
        if (!error) return;
        if (store.options.onEnd) set(store.options.onEnd(store.read(), error));
        else {
          show(() => {
            throw error;
          });
        }
      },
    });
    return () => {
      // Who shows it again goes on from here: the function that was given first is the one that is called.
      from = subscription.position;
      subscription.unsubscribe();
    };
  });
}
