import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { type ConnectionOptions, connect, type NatsConnection } from "@nats-io/transport-node";
import { within } from "./within.js";

/** Where Node tells of every socket that is opened. */
const channel = "net.client.socket";

/**
 * The sockets that a function opens, also later. The client leaves the socket of an attempt that timed out behind, open
 * and out of reach: while a server hangs, each attempt would leave one more.
 */
class Sockets {
  readonly #scope = new AsyncLocalStorage<true>();
  readonly #open: Socket[] = [];
  #isOver = false;

  run<T>(open: () => T): T {
    subscribe(channel, this.#opened);
    return this.#scope.run(true, open);
  }

  /** The last one is in use; the others are of no use. */
  keepLast(): void {
    this.#open.pop();
    this.destroy();
  }

  /** These, and those that are still to come. */
  destroy(): void {
    this.#isOver = true;
    for (const socket of this.#open.splice(0)) socket.destroy();
  }

  /** Nothing more is opened. */
  [Symbol.dispose](): void {
    unsubscribe(channel, this.#opened);
    this.#scope.disable();
  }

  readonly #opened = (message: unknown): void => {
    if (this.#scope.getStore() === undefined) return;
    this.#open.push((message as { socket: Socket }).socket);
    // It is told of before it connects.
    if (this.#isOver) queueMicrotask(() => this.destroy());
  };
}

/** A connection, or why there is none. Whoever aborts it has the signal's reason at once, and nothing is left open. */
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
