import { useMemo, useSyncExternalStore } from "react";
import { linger } from "./linger.js";

/** The store of a hook, and the options of its last call. */
export interface Store<O, V> {
  options: O;
  /** Returns the value, or throws the error that is to be thrown during rendering. */
  read(): V;
}

/**
 * The value that `start` sets by its function `show`, and `initial` until then. It starts with the first reader. For another
 * client or topic it begins anew.
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
