import type { Socket } from "node:net";
import type { WorkerProcess } from "./worker-process.js";

/** How many sockets wait while no worker is ready, and how long, in ms. */
const [mostWaiting, longestWait] = [1_000, 30_000];

const unavailable =
  "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

interface Waiting {
  readonly socket: Socket;
  readonly timer: NodeJS.Timeout;
}

/** Gives each socket that the listener accepts to the worker with the fewest, and again where that one dies. */
export class HandOver {
  readonly #workers: () => Iterable<WorkerProcess>;
  /** Under TLS nobody could read an answer of ours. */
  isSecure = false;
  /** Workers of older code get nothing while there are newer ones. */
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

  /** Gives what a worker never had to others. */
  takeBack(worker: WorkerProcess): void {
    for (const socket of worker.takeBack()) this.#give(socket);
  }

  /** Gives those that wait to a worker that is ready by now. */
  flush(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const { socket, timer } of waiting) {
      clearTimeout(timer);
      this.#give(socket);
    }
  }

  /** Turns away those that wait: nobody will be ready any more. */
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

  /** Of those with equally few each has its turn: short requests, which leave no trace, are spread, too. */
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
    // What its client sends is read and dropped: an answer in front of unread bytes could be lost with a reset.
    socket.resume();
    setTimeout(() => socket.destroy(), 1_000).unref();
  }
}
