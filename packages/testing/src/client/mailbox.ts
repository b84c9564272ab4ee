import type { CloseInfo } from "@ws/events";
import type { ClientListener } from "../transports/client.js";
import { type Deferred, deferred } from "./deferred.js";

/** How a session ended, as its client saw it. */
export type SessionClose = Pick<CloseInfo, "code" | "reason" | "wasClean">;

/** The messages from the server that the test has not taken yet. */
export class Mailbox implements ClientListener {
  readonly #closing: Deferred<SessionClose> = deferred();
  readonly #messages: (string | Uint8Array)[] = [];
  #waiting: (() => void)[] = [];
  #end: SessionClose | undefined;

  /** Resolves when the session has ended. */
  get closed(): Promise<SessionClose> {
    return this.#closing.promise;
  }

  get size(): number {
    return this.#messages.length;
  }

  /** How the session ended; `undefined` while it is open. */
  get end(): SessionClose | undefined {
    return this.#end;
  }

  /** Resolves when there is a message, or none will come. It takes nothing, so the caller may stop waiting. */
  async arrival(): Promise<void> {
    if (this.#messages.length > 0 || this.#end !== undefined) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  take(): string | Uint8Array | undefined {
    return this.#messages.shift();
  }

  message(data: string | Uint8Array): void {
    this.#messages.push(data);
    this.#wake();
  }

  ended(code: number, reason: string): void {
    this.#end = { code, reason, wasClean: code !== 1006 };
    this.#closing.resolve(this.#end);
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
