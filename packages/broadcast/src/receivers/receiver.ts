import type { Position } from "../engine/engine.js";
import type { Gap } from "./gap.js";
import { throwLater } from "./listener-errors.js";
import type { Message } from "./message.js";
import type { ReceiverOptions } from "./options.js";

/** Receives the messages of a topic in this process. */
export interface Receiver {
  readonly isGone: boolean;
  /** Takes a message; true where it was passed on at once. A message that waits is counted later. */
  deliver(message: Message, value: unknown): boolean;
  gap(gap: Gap): void;
  /** Ends the receiver, because the broadcast has ended or because of an error. */
  end(error?: Error): void;
  /** From now on messages wait, until `release`. Messages that waited before are dropped. */
  hold(): void;
  /** Passes on a message of the history, ahead of those that wait. It resolves when there is room for another one. */
  replay(message: Message, value: unknown): Promise<void>;
  /** Reports a gap, ahead of the messages that wait. */
  missed(gap: Gap): void;
  /** The history is complete: the messages that wait are passed on, except those up to `floor`. */
  release(floor: Position | undefined): void;
  /** Skips all messages up to this position. */
  skipTo(floor: Position | undefined): void;
}

/** The key for coalescing a message; `undefined` where the application's function fails. */
export function keyOf(options: ReceiverOptions<never>, value: unknown): string | undefined {
  if (options.key === undefined) return undefined;
  try {
    const key: unknown = options.key(value as never);
    if (typeof key === "string") return key;
    throw new TypeError(`key: expected a function that gives a string, got ${typeof key} of it`);
  } catch (error) {
    throwLater(error);
    return undefined;
  }
}
