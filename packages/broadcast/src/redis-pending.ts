import { type Aborted, offAbort, onAbort } from "./aborts.js";
import type { History, Position } from "./engine.js";

/** A publish that waits for its answer. Watches its signal itself, which spares a function for each. */
export class PendingPublish implements Aborted {
  readonly payload: string;
  readonly history: History | undefined;
  readonly #signal: AbortSignal;
  readonly #resolve: (position: Position) => void;
  readonly #reject: (reason: unknown) => void;

  constructor(
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
    resolve: (position: Position) => void,
    reject: (reason: unknown) => void,
  ) {
    this.payload = payload;
    this.history = history;
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
