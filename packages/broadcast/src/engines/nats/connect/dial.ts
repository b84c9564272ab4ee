import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { type ConnectionOptions, connect, type NatsConnection } from "@nats-io/transport-node";
import { within } from "./within.js";

/** The diagnostics channel on which Node reports every socket that is opened. */
const channel = "net.client.socket";

/**
 * The sockets that a function opens, at once or later. When an attempt times out, the client leaves its socket open and
 * unreachable; while a server hangs, each attempt would leave another one.
 */
class Sockets {
  readonly #scope = new AsyncLocalStorage<true>();
  readonly #open: Socket[] = [];
  #isOver = false;

  run<T>(open: () => T): T {
    subscribe(channel, this.#opened);
    return this.#scope.run(true, open);
  }

  /** Keeps the last socket, which is in use, and destroys the others. */
  keepLast(): void {
    this.#open.pop();
    this.destroy();
  }

  /** Destroys these sockets, and those that are opened later. */
  destroy(): void {
    this.#isOver = true;
    for (const socket of this.#open.splice(0)) socket.destroy();
  }

  /** No further sockets are expected. */
  [Symbol.dispose](): void {
    unsubscribe(channel, this.#opened);
    this.#scope.disable();
  }

  readonly #opened = (message: unknown): void => {
    if (this.#scope.getStore() === undefined) return;
    this.#open.push((message as { socket: Socket }).socket);
    // The socket is reported before it connects.
    if (this.#isOver) queueMicrotask(() => this.destroy());
  };
}

/** Connects. If the signal is aborted it rejects at once with the signal's reason, and leaves no socket open. */
export async function dial(options: ConnectionOptions, signal: AbortSignal): Promise<NatsConnection> {
  const sockets = new Sockets();
  const connecting = sockets.run(() => connect({ ...options }));
  const settled = connecting.finally(() => sockets[Symbol.dispose]());
  try {
    const connection = await within(settled, signal);
    sockets.keepLast();
    return connection;
  } catch (error) {
    sockets.destroy();
    throw error;
  }
}
