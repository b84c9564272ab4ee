import type { Position } from "../engine/engine.js";
import type { Gap } from "./gap.js";
import { throwLater } from "./listener-errors.js";
import type { Message } from "./message.js";
import type { ReceiverOptions } from "./options.js";

/** Who gets the messages of a topic in this process. */
export interface Receiver {
  readonly isGone: boolean;
  /** Whether it was taken on at once; what waits is counted later. */
  deliver(message: Message, value: unknown): boolean;
  gap(gap: Gap): void;
  /** The broadcast has ended; for a reason that is its fault, or none. */
  end(error?: Error): void;
  /** What is delivered waits from now on, until `release`; what waited already is let go. */
  hold(): void;
  /** Gives a message of the past, ahead of what waits; resolves when there is room for another. */
  replay(message: Message, value: unknown): Promise<void>;
  /** Tells what is missing ahead of what waits. */
  missed(gap: Gap): void;
  /** The past is over: gives what waits, less what lies up to `floor`. */
  release(floor: Position | undefined): void;
  /** It gets nothing that lies up to there. */
  skipTo(floor: Position | undefined): void;
}

/** By what a message is coalesced; by nothing where the application's function fails. */
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
