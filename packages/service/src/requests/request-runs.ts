import type { Id, WireError } from "@ws/contract/wire";
import { errorFrame } from "../wire/write-frame.js";
import { cancelled, timedOut } from "./request-error.js";

/** One request of a client, from its frame to its reply. */
export class RequestRun {
  readonly id: Id;
  /** Whether it continues after the connection has ended, because its reply is kept and the client will ask for it again. */
  outlivesConnection = false;
  readonly #controller = new AbortController();
  readonly #send: (text: string) => Promise<void>;
  readonly #onAnswered: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAnswered = false;
  #sending: Promise<void> | undefined;

  constructor(id: Id, send: (text: string) => Promise<void>, onAnswered: () => void) {
    this.id = id;
    this.#send = send;
    this.#onAnswered = onAnswered;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** Resolves when the socket has taken the reply. It never rejects. */
  get sent(): Promise<void> | undefined {
    return this.#sending;
  }

  /** Starts the time-out. */
  start(timeout: number): void {
    this.#timer = setTimeout(() => this.#giveUp(timedOut), timeout);
  }

  cancel(): void {
    this.#giveUp(cancelled);
  }

  /** The connection has ended: the request is aborted, unless the client may ask for it again. */
  abandon(reason: unknown): void {
    if (!this.outlivesConnection) this.#controller.abort(reason);
  }

  /** Replies with an error, unless there was a reply. */
  fail(error: WireError): void {
    this.answer(errorFrame(this.id, error));
  }

  /** Sends the frame of the reply, unless there was one. */
  answer(text: string): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    clearTimeout(this.#timer);
    this.#onAnswered();
    this.#sending = this.#send(text);
  }

  #giveUp(error: WireError): void {
    this.fail(error);
    this.#controller.abort(
      new DOMException(error.message, error === timedOut ? "TimeoutError" : "AbortError"),
    );
  }
}

/** The requests of one connection that have not been answered. */
export class RequestRuns {
  readonly #runs = new Map<Id, RequestRun>();

  get(id: Id): RequestRun | undefined {
    return this.#runs.get(id);
  }

  /** Adds a request. No other request may have its id. */
  add(id: Id, send: (text: string) => Promise<void>): RequestRun {
    const run: RequestRun = new RequestRun(id, send, () => this.#runs.delete(id));
    this.#runs.set(id, run);
    return run;
  }

  /** The connection has ended. */
  end(reason: unknown): void {
    for (const run of this.#runs.values()) run.abandon(reason);
  }
}
