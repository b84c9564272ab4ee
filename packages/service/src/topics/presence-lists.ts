import { PresenceList, type PresenceParts } from "./presence-list.js";

/** The lists of members that somebody has asked for. */
export class PresenceLists {
  readonly #lists = new Map<string, PresenceList>();

  get size(): number {
    return this.#lists.size;
  }

  /** Gives the list and then its changes to the listener. It returns the function that ends this. */
  watch(parts: PresenceParts, listener: (text: string) => void): () => void {
    // Two channels may use two names for one topic, or one name for two topics.
    const key = JSON.stringify([parts.name, parts.topic.name]);
    const list = this.#lists.get(key) ?? new PresenceList(parts);
    this.#lists.set(key, list);
    list.add(listener);
    return () => {
      list.remove(listener);
      if (!list.isUnused || this.#lists.get(key) !== list) return;
      this.#lists.delete(key);
      list.end();
    };
  }
}
