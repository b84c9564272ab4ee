import { ClientError } from "./client-error.js";
import { emit } from "./emit.js";
import { createLink, type Link, type Mode } from "./link.js";
import type { Address, LinkOptions, PostOptions } from "./options.js";
import { idle, type State } from "./state.js";
import type { Data, WebSocketLike } from "./web-socket.js";
import { isOpen, type Wire } from "./wire.js";

/** What both modes of a client have. */
export interface Linked extends AsyncDisposable {
  readonly state: State;
  /** Calls `listener` after each change, until what it returns is called. */
  onState(listener: (state: State) => void): () => void;
  /**
   * Connects, and resolves when the server has shown that it is there. An attempt that fails does not reject it.
   *
   * @throws {ClientError} `ERR_WS_CLOSED` when the client is closed; the reason of `signal`.
   */
  connect(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Connects now in place of later; at most once in 2 s. */
  retry(): void;
  /** Closes for good. What waits is rejected. */
  close(): void;
}

/** What makes a message a request. */
interface Asking {
  /** What its reply is known by. */
  readonly id: number | string;
  readonly name: string;
  /** It may be sent again where its connection was lost. */
  readonly again: boolean;
}

/** A message or a request, from the call until it is settled. A message is settled when a socket takes it. */
interface Entry extends Partial<Asking> {
  /** A call of `connect` has none: it waits for no more than its turn. */
  readonly data: Data | undefined;
  readonly size: number;
  /** The connection that took it, where its reply is waited for, and when that was. */
  wire?: Wire | undefined;
  sentAt?: number;
  settle(error: unknown, value?: unknown): void;
}

/** What a line tells its mode, beside what a link does. */
export interface LineMode extends Mode {
  /** Gives `entry` to a socket that is open and not full, or settles it. */
  write(entry: Entry, socket: WebSocketLike, wire: Wire): void;
  /** Nobody waits any more for the reply to `entry`. */
  givenUp?(entry: Entry, isTimeout: boolean): void;
  /** Nothing more comes; with an error unless that was asked for. */
  closed(error: ClientError | undefined): void;
}

/** The one queue of messages and requests over a link: bounded, in order, and each of them settled once. */
export interface Line {
  readonly link: Link;
  /** All that is not settled, in the order of the calls; those that no socket has taken have no wire. */
  readonly entries: Set<Entry>;
  post(data: Data | undefined, options?: PostOptions, asking?: Asking): Promise<unknown>;
  /** Whether a message would be taken at once. */
  isFree(): boolean;
  /** Gives what waits to the socket, as long as that is not full. */
  flush(): void;
  readonly api: Linked;
}

const encoder = new TextEncoder();

export function createLine(address: Address, options: LinkOptions, mode: LineMode): Line {
  const { outbox: { messages = 1_024, bytes = 1_048_576 } = {}, timeout: usual = 15_000, signal } = options;
  const listeners = new Set<(state: State) => void>();
  const entries = new Set<Entry>();
  let held = 0;
  let look: ReturnType<typeof setTimeout> | undefined;

  const closedError = (): ClientError => {
    const { down } = link.state as { down?: { code: number; reason: string } };
    return new ClientError("CLOSED", down && `${down.code} ${down.reason}`);
  };

  const changed = (): void => {
    const { state } = link;
    api.state = state;
    emit(listeners, state);
    if (state.phase === "open") line.flush();
    if (state.phase === "closed") {
      clearTimeout(look);
      const error = closedError();
      for (const entry of entries) entry.settle(error);
      mode.closed(state.down && error);
    }
  };

  // Its state is no getter: an object with one is a hash table to V8, and four times as heavy.
  const api: Linked & { state: State } = {
    state: idle,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: (how) => line.post(undefined, { ...how, timeout: Infinity }) as Promise<void>,
    retry: () => link.retry(),
    close: () => link.close(),
    async [Symbol.asyncDispose]() {
      if ([...entries].some((entry) => !entry.wire)) {
        await api.connect({ signal: AbortSignal.timeout(1_000) }).catch(() => {});
      }
      link.close();
    },
  };

  const link = createLink(address, options, mode, changed);

  const line: Line = {
    link,
    entries,
    post: (data, { signal, timeout = usual } = {}, asking) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (link.state.phase === "closed") throw closedError();
        const size = typeof data === "string" ? encoder.encode(data).length : (data?.length ?? 0);
        if (data !== undefined && (entries.size >= messages || held + size > bytes)) {
          throw new ClientError("OUTBOX_FULL", `${entries.size} messages, ${held} bytes`);
        }
        let timer: ReturnType<typeof setTimeout> | undefined;
        const entry: Entry = {
          ...asking,
          data,
          size,
          settle(error, value) {
            if (!entries.delete(entry)) return;
            held -= size;
            clearTimeout(timer);
            signal?.removeEventListener("abort", abort);
            if (error) reject(error);
            else resolve(value);
          },
        };
        const giveUp = (reason: unknown, isTimeout?: boolean): void => {
          if (entry.wire) mode.givenUp?.(entry, !!isTimeout);
          entry.settle(reason);
        };
        const abort = (): void => giveUp(signal?.reason);
        entries.add(entry);
        held += size;
        link.start();
        line.flush();
        if (!entries.has(entry)) return;
        signal?.addEventListener("abort", abort);
        if (timeout < 2 ** 31) {
          timer = setTimeout(() => {
            const problem = asking ? "TIMEOUT" : "NOT_SENT";
            giveUp(new ClientError(problem, `in ${timeout} ms`, !!entry.wire), true);
          }, timeout);
        }
      }),
    isFree: () => isOpen(link.current) && link.current.socket.bufferedAmount <= 1_048_576,
    flush() {
      clearTimeout(look);
      for (const entry of entries) {
        if (entry.wire) continue;
        const { current } = link;
        if (!current) return;
        if (!line.isFree()) {
          look = setTimeout(line.flush, 50);
          return;
        }
        if (entry.data !== undefined) mode.write(entry, current.socket as WebSocketLike, current);
        if (entry.id === undefined) entry.settle(0, true);
      }
    },
    api,
  };
  signal?.addEventListener("abort", api.close);
  if (signal?.aborted) link.close();
  return line;
}
