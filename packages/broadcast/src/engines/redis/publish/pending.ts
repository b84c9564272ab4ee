import { type Aborted, offAbort, onAbort } from "../../../engine/aborts.js";
import type { History, Position } from "../../../engine/engine.js";

/** A message to publish. */
export interface Publication {
  readonly payload: string;
  readonly history: History | undefined;
  /** The idempotency key. */
  readonly key: string | undefined;
}

/** A publish that waits for its answer. It listens to its signal itself, which saves a function for each publish. */
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

  /** Whether it was aborted. If that happens before it is sent, it is not sent. */
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
