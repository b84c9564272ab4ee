import type { Socket } from "node:net";
import type { WorkerProcess } from "./worker-process.js";

/** How many sockets may wait while no worker is ready, and for how long, in ms. */
const [mostWaiting, longestWait] = [1_000, 30_000];

const unavailable =
  "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

interface Waiting {
  readonly socket: Socket;
  readonly timer: NodeJS.Timeout;
}

/**
 * Gives each socket that the listener accepts to the worker with the fewest sockets, and to another one where that worker
 * dies.
 */
export class HandOver {
  readonly #workers: () => Iterable<WorkerProcess>;
  /** Whether the clients speak TLS, so that they could not read an unencrypted answer. */
  isSecure = false;
  /** Workers of older code get no sockets while there are newer ones. */
  leastGeneration = 0;
  readonly #waiting: Set<Waiting> = new Set();
  #count = 0;

  constructor(workers: () => Iterable<WorkerProcess>) {
    this.#workers = workers;
  }

  take(socket: Socket): void {
    socket.on("error", () => {});
    this.#give(socket);
  }

  /** Gives the sockets that a worker never received to other workers. */
  takeBack(worker: WorkerProcess): void {
    for (const socket of worker.takeBack()) this.#give(socket);
  }

  /** Gives the waiting sockets to workers that are ready now. */
  flush(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const { socket, timer } of waiting) {
      clearTimeout(timer);
      this.#give(socket);
    }
  }

  /** Refuses the waiting sockets, because no worker will be ready any more. */
  close(): void {
    for (const waiting of this.#waiting) this.#refuse(waiting);
  }

  #give(socket: Socket): void {
    if (socket.destroyed) return;
    const worker = this.#choose();
    if (worker === undefined) return this.#wait(socket);
    this.#count += 1;
    worker.hand(this.#count, socket);
  }

  #choose(): WorkerProcess | undefined {
    const ready = [...this.#workers()].filter(({ state }) => state === "ready");
    const newer = ready.filter(({ generation }) => generation >= this.leastGeneration);
    const eligible = newer.length > 0 ? newer : ready;
    const quick = eligible.filter(({ isStalled }) => !isStalled);
    return this.#fewest(quick.length > 0 ? quick : eligible);
  }

  /**
   * Among workers with equally few sockets, each gets one in turn, so that short requests, which do not show in the count,
   * are spread as well.
   */
  #fewest(workers: readonly WorkerProcess[]): WorkerProcess | undefined {
    let least: WorkerProcess | undefined;
    for (let index = 0; index < workers.length; index += 1) {
      const worker = workers[(this.#count + index) % workers.length];
      if (worker !== undefined && (least === undefined || worker.load < least.load)) least = worker;
    }
    return least;
  }

  #wait(socket: Socket): void {
    const timer = setTimeout(() => this.#refuse(waiting), longestWait);
    const waiting: Waiting = { socket, timer };
    this.#waiting.add(waiting);
    if (this.#waiting.size > mostWaiting) this.#refuse(waiting);
  }

  #refuse(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    this.#waiting.delete(waiting);
    const { socket } = waiting;
    if (this.isSecure) return void socket.destroy();
    socket.end(unavailable);
    // What the client sends is read and dropped: if it stayed unread, the system would reset the connection, and the answer
    // could be lost.
    socket.resume();
    setTimeout(() => socket.destroy(), 1_000).unref();
  }
}
