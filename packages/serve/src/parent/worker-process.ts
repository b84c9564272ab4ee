import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { DrainOrder, Failure, Order, Report } from "./messages.js";

/** Is told the reports of a worker, and its end after all reports were read. */
export interface WorkerListener {
  onReport(worker: WorkerProcess, report: Report): void;
  onEnded(worker: WorkerProcess): void;
}

interface Handed {
  readonly socket: Socket;
  /** When the socket was handed over, in ms of `performance.now()`. */
  readonly at: number;
}

/** A worker that has not confirmed a socket for so long is busy, and others get the next ones. In ms. */
const stallTime = 1_000;

/** How long it may take to read the last reports of a worker after its exit, in ms. */
const lastWords = 100;

function ignore(): void {}

/** One worker process, as the parent sees it. */
export class WorkerProcess {
  /** A worker with a higher number runs newer code. */
  readonly generation: number;
  readonly startedAt: number = performance.now();
  state: "starting" | "ready" | "draining" | "ended" = "starting";
  /** How many sockets it has, as far as the parent knows. */
  open = 0;
  /** When its last report came, in ms of `performance.now()`. */
  heardAt: number = this.startedAt;
  wasReady = false;
  wasKilled = false;
  /** Resolves when it is ready, or with the reason why it failed. */
  readonly started: Promise<Failure | undefined>;
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  readonly #listener: WorkerListener;
  /** Sockets that it has not confirmed yet. */
  readonly #handed: Map<number, Handed> = new Map();
  #settle!: (failure: Failure | undefined) => void;
  #end!: () => void;

  constructor(process: ChildProcess, generation: number, listener: WorkerListener) {
    this.#process = process;
    this.#listener = listener;
    this.generation = generation;
    this.started = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    process.on("message", (report: Report) => this.#heard(report));
    // For example, the channel may have been closed just now; the end of the process follows and handles it.
    process.on("error", (error) => {
      if (process.pid === undefined) this.#ended(`it could not be started: ${error.message}`, false);
    });
    this.#awaitEnd(process);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** How many sockets it has or is about to get. */
  get load(): number {
    return this.open + this.#handed.size;
  }

  /** Whether a socket has waited too long for its confirmation. */
  get isStalled(): boolean {
    const [oldest] = this.#handed.values();
    return oldest !== undefined && performance.now() - oldest.at > stallTime;
  }

  /** Hands a socket over. The parent's own copy stays open until the worker confirms it. */
  hand(id: number, socket: Socket): void {
    this.#handed.set(id, { socket, at: performance.now() });
    this.#process.send(id, socket, { keepOpen: true }, ignore);
  }

  say(order: Order): void {
    if (this.#process.connected) this.#process.send(order, undefined, undefined, ignore);
  }

  drain(order: DrainOrder): void {
    if (this.state === "ended") return;
    this.state = "draining";
    this.say(order);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** The sockets that it never received, after it has ended. */
  takeBack(): Socket[] {
    const sockets = [...this.#handed.values()].map(({ socket }) => socket);
    this.#handed.clear();
    return sockets;
  }

  /**
   * Waits for the end of the process: its exit, after all of its last reports were read. The channel shows that by its own
   * end. But where the channel breaks while a socket is under way, Node reports nothing, so a timer is needed as well.
   */
  #awaitEnd(process: ChildProcess): void {
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      const { exitCode, signalCode } = process;
      const way = signalCode === null ? `with code ${exitCode}` : `by ${signalCode}`;
      this.#ended(`its process ended ${way} before it was ready`, signalCode !== null);
    };
    const onExit = (): void => {
      if (!process.connected) return end();
      process.once("disconnect", end);
      // Reports that have come meanwhile are read between a timer and an immediate, even if this process was late: a socket
      // that the worker had confirmed must not be given to another one.
      setTimeout(() => setImmediate(end), lastWords);
    };
    // The process may have ended before anybody listened.
    if (process.exitCode !== null || process.signalCode !== null) queueMicrotask(onExit);
    else process.once("exit", onExit);
  }

  #heard(report: Report): void {
    this.heardAt = performance.now();
    if (report.type === "sockets") this.#count(report.got, report.closed);
    else if (report.type === "ready" && this.state === "starting") {
      this.state = "ready";
      this.wasReady = true;
    } else if (report.type === "failing") this.state = "draining";
    this.#listener.onReport(this, report);
    if (report.type === "ready") this.#settle(undefined);
    else if (report.type === "failed") this.#settle(report);
  }

  #count(got: readonly number[], closed: number): void {
    for (const id of got) {
      this.#handed.get(id)?.socket.destroy();
      this.#handed.delete(id);
    }
    this.open += got.length - closed;
  }

  #ended(text: string, wasKilled: boolean): void {
    this.state = "ended";
    this.wasKilled = wasKilled;
    this.#settle({ type: "failed", code: 3, text });
    this.#listener.onEnded(this);
    this.#end();
  }
}
