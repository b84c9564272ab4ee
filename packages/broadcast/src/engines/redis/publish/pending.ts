import { type Aborted, offAbort, onAbort } from "../../../engine/aborts.js";
import type { History, Position } from "../../../engine/engine.js";

/** What is published. */
export interface Publication {
  readonly payload: string;
  readonly history: History | undefined;
  /** By which it is known when it is published again. */
  readonly key: string | undefined;
}

/** A publish that waits for its answer. Watches its signal itself, which spares a function for each. */
export class PendingPublish implements Aborted {
  readonly payload: string;
  readonly history: History | undefined;
  readonly key: string | undefined;
  readonly #signal: AbortSignal;
  readonly #resolve: (position: Position) => void;
  readonly #reject: (reason: unknown) => void;

  constructor(
    { payload, history, key }: Publication,
    signal: AbortSignal,
    resolve: (position: Position) => void,
    reject: (reason: unknown) => void,
  ) {
    this.payload = payload;
    this.history = history;
    this.key = key;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    onAbort(signal, this);
  }

  /** What was aborted before it was sent is not sent. */
  get isAborted(): boolean {
    return this.#signal.aborted;
  }

  aborted(): void {
    this.reject(this.#signal.reason);
  }

  resolve(position: Position): void {
    offAbort(this.#signal, this);
    this.#resolve(position);
  }

  reject(reason: unknown): void {
    offAbort(this.#signal, this);
    this.#reject(reason);
  }
}
