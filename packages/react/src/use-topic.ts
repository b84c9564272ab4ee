import type { Client, Gap } from "@ws/client";
import type { Channel, TopicMessage, TopicName } from "@ws/contract";
import { useStore } from "./use-store.js";

export interface TopicOptions<V, M> {
  /** The value before the first message. */
  readonly initial: V;
  /** Returns the value after a message. It is called once for each message, in order. */
  reduce(value: V, message: M): V;
  /** Returns the value where messages may be missing; by default the value stays as it is. */
  onGap?(value: V, gap: Gap): V;
  /**
   * Returns the value where nothing more comes: the server has ended or refused the topic, or the client has ended, for
   * example because the user is signed out. Without this function the error is thrown during rendering, to the nearest error
   * boundary, because a value that is no longer updated must not look like one that is.
   */
  onEnd?(value: V, error: Error): V;
}

/**
 * The value that is made of the messages of a topic, each of which is taken once. For another client or topic it begins
 * again with `initial`; without a client it stays `initial`.
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
      // A component that is mounted again continues from here. The function that was given first is the one that is called.
      from = subscription.position;
      subscription.unsubscribe();
    };
  });
}
