import { useMemo, useSyncExternalStore } from "react";
import { linger } from "./linger.js";

/** What a hook shows, and what it was called with last. */
export interface Store<O, V> {
  options: O;
  /** Gives the value, or throws what is thrown while rendering. */
  read(): V;
}

/**
 * What `start` shows by its function `show`, and `initial` until then; it is started for the first who looks. For another client or
 * topic it begins anew.
 */
export function useStore<O, V>(
  options: O,
  initial: V,
  client: object | undefined,
  topic: string,
  start: (store: Store<O, V>, show: (read: () => V) => void) => (() => void) | undefined,
): V {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest options are put into the store below.
  const store = useMemo(() => {
    const made: Store<O, V> & { subscribe: ReturnType<typeof linger> } = {
      options,
      read: () => initial,
      subscribe: linger((changed) =>
        start(made, (read) => {
          made.read = read;
          changed();
        }),
      ),
    };
    return made;
  }, [client, topic]);
  store.options = options;
  const read = (): V => store.read();
  return useSyncExternalStore(store.subscribe, read, read);
}
