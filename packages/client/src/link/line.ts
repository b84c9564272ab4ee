import { ClientError } from "./client-error.js";
import { emit } from "./emit.js";
import { Link } from "./link.js";
import type { PostOptions } from "./options.js";
import type { State } from "./state.js";
import type { Data, WebSocketLike } from "./web-socket.js";
import { isOpen, type Wire } from "./wire.js";

/** What the clients of both modes have. */
export interface Linked extends AsyncDisposable {
  readonly state: State;
  /** Calls `listener` after each change. It returns the function that ends this. */
  onState(listener: (state: State) => void): () => void;
  /**
   * Connects, and resolves when the server has answered. A failed attempt does not reject it.
   *
   * @throws {ClientError} `ERR_WS_CLOSED` when the client is closed; the reason of `signal`.
   */
  connect(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Connects now and not at the end of the backoff; at most once in 2 s. */
  retry(): void;
  /** Closes for good. Messages and requests that wait are rejected. */
  close(): void;
}

/** The fields that only a request has. */
interface Asking {
  /** The id by which its reply is recognized. */
  readonly id: number | string;
  readonly name: string;
  /** Whether it may be sent again where its connection was lost. */
  readonly again: boolean;
}

/** A message or a request, from the call until it is settled. A message is settled when a socket takes it. */
export interface Entry extends Partial<Asking> {
  /** The data to send. A call of `connect` has none: it only waits for its turn. */
  readonly data: Data | undefined;
  readonly size: number;
  /** The connection that took the request, and when that was, while the reply is awaited. */
  wire?: Wire | undefined;
  sentAt?: number;
  settle(error: unknown, value?: unknown): void;
}

const encoder = new TextEncoder();

/** A link with one queue of messages and requests. It is bounded and ordered, and settles each entry once. */
export abstract class Line extends Link implements Linked {
  /** All entries that are not settled, in the order of the calls. Those that no socket has taken have no wire. */
  readonly entries: Set<Entry> = new Set();
  readonly #listeners = new Set<(state: State) => void>();
  #held = 0;
  #look: ReturnType<typeof setTimeout> | undefined;

  /** Gives `entry` to a socket that is open and not full, or settles it. */
  abstract write(entry: Entry, socket: WebSocketLike, wire: Wire): void;
  /** The reply to `entry` is no longer awaited. */
  givenUp?(entry: Entry, isTimeout: boolean): void;
  /** Nothing more comes. There is an error unless this was requested. */
  abstract closed(error: ClientError | undefined): void;

  // These calls, and those of both modes, are fields and no methods. So they may be passed on without their client, and they
  // work through the proxy in which Vue wraps its state, which knows no private fields.
  readonly onState = (listener: (state: State) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly connect = (how?: { readonly signal?: AbortSignal | undefined }): Promise<void> =>
    this.post(undefined, { ...how, timeout: Infinity }) as Promise<void>;

  readonly close = (): void => this.end();

  async [Symbol.asyncDispose](): Promise<void> {
    if ([...this.entries].some((entry) => !entry.wire)) {
      await this.connect({ signal: AbortSignal.timeout(1_000) }).catch(() => {});
    }
    this.close();
  }

  /** Lets the signal of its options close it, which may have been aborted already. */
  obeySignal(): void {
    const { signal } = this.options;
    signal?.addEventListener("abort", this.close);
    if (signal?.aborted) this.end();
  }

  post(data: Data | undefined, options: PostOptions = {}, asking?: Asking): Promise<unknown> {
    const { outbox: { messages = 1_024, bytes = 1_048_576 } = {}, timeout: usual = 15_000 } = this.options;
    const { signal, timeout = usual } = options;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.state.phase === "closed") throw this.#closedError();
      const size = typeof data === "string" ? encoder.encode(data).length : (data?.length ?? 0);
      if (data !== undefined && (this.entries.size >= messages || this.#held + size > bytes)) {
        throw new ClientError("OUTBOX_FULL", `${this.entries.size} messages, ${this.#held} bytes`);
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      const entry: Entry = {
        ...asking,
        data,
        size,
        settle: (error, value) => {
          if (!this.entries.delete(entry)) return;
          this.#held -= size;
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
          if (error) reject(error);
          else resolve(value);
        },
      };
      const giveUp = (reason: unknown, isTimeout?: boolean): void => {
        if (entry.wire) this.givenUp?.(entry, !!isTimeout);
        entry.settle(reason);
      };
      const abort = (): void => giveUp(signal?.reason);
      this.entries.add(entry);
      this.#held += size;
      this.start();
      this.flush();
      if (!this.entries.has(entry)) return;
      signal?.addEventListener("abort", abort);
      if (timeout < 2 ** 31) {
        timer = setTimeout(() => {
          const problem = asking ? "TIMEOUT" : "NOT_SENT";
          giveUp(new ClientError(problem, `in ${timeout} ms`, !!entry.wire), true);
        }, timeout);
      }
    });
  }

  /** Whether a message would be taken at once. */
  isFree(): boolean {
    return isOpen(this.current) && this.current.socket.bufferedAmount <= 1_048_576;
  }

  /** Gives waiting entries to the socket, as long as it is not full. */
  flush(): void {
    clearTimeout(this.#look);
    for (const entry of this.entries) {
      if (entry.wire) continue;
      const { current } = this;
      if (!current) return;
      if (!this.isFree()) {
        this.#look = setTimeout(() => this.flush(), 50);
        return;
      }
      if (entry.data !== undefined) this.write(entry, current.socket as WebSocketLike, current);
      if (entry.id === undefined) entry.settle(0, true);
    }
  }

  override changed(): void {
    const { state } = this;
    emit(this.#listeners, state);
    if (state.phase === "open") this.flush();
    if (state.phase === "closed") {
      clearTimeout(this.#look);
      this.options.signal?.removeEventListener("abort", this.close);
      const error = this.#closedError();
      for (const entry of this.entries) entry.settle(error);
      this.closed(state.down && error);
    }
  }

  #closedError(): ClientError {
    const { down } = this.state as { down?: { code: number; reason: string } };
    return new ClientError("CLOSED", down && `${down.code} ${down.reason}`);
  }
}
