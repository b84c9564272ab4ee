// biome-ignore lint/suspicious/noExplicitAny: as in Node, the event decides what its listeners are given
export type Listener = (...given: any[]) => unknown;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

/** A listener as it was added, and the function that is called for it. */
interface Entry {
  readonly listener: Listener;
  readonly call: Listener;
}

/**
 * The listeners of `EventEmitter` for hosts that have none. It has the methods that code for a `WebSocket` of `ws` uses. A
 * rejection of a listener is emitted as `error`, as with `captureRejections` of Node.
 */
export class Emitter {
  readonly #entries: Map<string | symbol, readonly Entry[]> = new Map();

  on(event: string | symbol, listener: Listener): this {
    return this.#add(event, { listener, call: listener });
  }

  addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  /** Adds a listener that is removed before it is called. */
  once(event: string | symbol, listener: Listener): this {
    const entry: Entry = {
      listener,
      call: (...given) => {
        this.#set(
          event,
          this.#of(event).filter((each) => each !== entry),
        );
        return listener.apply(this, given);
      },
    };
    return this.#add(event, entry);
  }

  /** Removes a listener. Where it was added several times, the last one is removed. */
  off(event: string | symbol, listener: Listener): this {
    const entries = this.#of(event);
    const index = entries.map((entry) => entry.listener).lastIndexOf(listener);
    if (index >= 0) this.#set(event, entries.toSpliced(index, 1));
    return this;
  }

  removeListener(event: string | symbol, listener: Listener): this {
    return this.off(event, listener);
  }

  /** Removes the listeners of one event, or all listeners. */
  removeAllListeners(event?: string | symbol): this {
    if (event === undefined) this.#entries.clear();
    else this.#entries.delete(event);
    return this;
  }

  listeners(event: string | symbol): Listener[] {
    return this.#of(event).map(({ listener }) => listener);
  }

  listenerCount(event: string | symbol): number {
    return this.#of(event).length;
  }

  /** Calls the current listeners in the order in which they were added. It returns whether there are any. */
  emit(event: string | symbol, ...given: unknown[]): boolean {
    const entries = this.#of(event);
    for (const { call } of entries) {
      const result: unknown = call.apply(this, given);
      if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => this.emit("error", error));
    }
    return entries.length > 0;
  }

  #of(event: string | symbol): readonly Entry[] {
    return this.#entries.get(event) ?? [];
  }

  #add(event: string | symbol, entry: Entry): this {
    this.#set(event, [...this.#of(event), entry]);
    return this;
  }

  #set(event: string | symbol, entries: readonly Entry[]): void {
    this.#entries.set(event, entries);
  }
}
