import type { ChildProcess } from "node:child_process";
import type { Logger } from "@ws/server";
import { Backoff } from "./backoff.js";
import type { HandOver } from "./hand-over.js";
import { inTime } from "./in-time.js";
import type { DrainOrder, Failure, Report } from "./messages.js";
import { WorkerProcess } from "./worker-process.js";

/** How much longer than allowed a worker may take to end before it is killed, in ms. */
const endMargin = 1_000;
/** How long a module may take to load, in addition to the application's start-up, in ms. */
const loadTime = 60_000;

/** The place of one worker: the one that serves now, and the one that is about to replace it. */
interface Slot {
  worker: WorkerProcess | undefined;
  readonly backoff: Backoff;
  /** The timer until it is started again. */
  timer: NodeJS.Timeout | undefined;
}

/** What a supervisor is made from. */
export interface SupervisorParts {
  /** Starts the process of a worker. */
  readonly spawn: () => ChildProcess;
  readonly handOver: HandOver;
  readonly logger: Logger;
  /** Is told the reports of workers that are not about their own life. */
  readonly onReport: (worker: WorkerProcess, report: Report) => void;
}

/** Keeps the wanted number of workers running, and exchanges them. */
export class Supervisor {
  readonly #parts: SupervisorParts;
  #slots: Slot[] = [];
  /** All workers that have not ended, including those that were replaced. */
  readonly #alive: Set<WorkerProcess> = new Set();
  #generation = 0;
  /** How long a worker may take to start, including the application's start-up, in ms. */
  startLimit: number = loadTime * 2;
  #isStopping = false;
  /** Whether a worker was ever ready. From then on a failure is repaired, and does not end the command. */
  #hasServed = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  /** All workers that have not ended. */
  get workers(): Iterable<WorkerProcess> {
    return this.#alive;
  }

  get size(): number {
    return this.#slots.length;
  }

  setStartupTimeout(startupTimeout: number): void {
    this.startLimit = loadTime + startupTimeout;
  }

  /** Starts a further worker. It returns why the worker did not start. */
  add(): Promise<Failure | undefined> {
    const slot: Slot = { worker: undefined, backoff: new Backoff(), timer: undefined };
    this.#slots.push(slot);
    return this.#fill(slot);
  }

  /** Ends the worker that was added last. The only worker is never removed. */
  remove(order: DrainOrder): void {
    if (this.#slots.length < 2) return;
    const slot = this.#slots.pop();
    clearTimeout(slot?.timer);
    if (slot?.worker !== undefined) void this.#retire(slot.worker, order);
  }

  /**
   * Exchanges the workers one after the other: each new one is ready before the old one ends. It stops at the first new
   * worker that fails, and returns why; the remaining old workers go on serving.
   */
  async roll(order: DrainOrder): Promise<Failure | undefined> {
    this.#generation += 1;
    this.#parts.handOver.leastGeneration = this.#generation;
    for (const slot of [...this.#slots]) {
      if (this.#isStopping || !this.#slots.includes(slot)) continue;
      const failure = await this.#exchange(slot, order);
      if (failure === undefined) continue;
      this.#parts.handOver.leastGeneration = 0;
      return failure;
    }
    return undefined;
  }

  /**
   * Exchanges all workers at once, as a reload does. If one of the new ones fails, all old ones go on serving, and the
   * failure is returned.
   */
  async exchangeAll(order: DrainOrder): Promise<Failure | undefined> {
    this.#generation += 1;
    const slots = [...this.#slots];
    const fresh = slots.map(() => this.#launch());
    const failures = await Promise.all(fresh.map((worker) => this.#ready(worker)));
    const failure = failures.find((each) => each !== undefined);
    if (failure !== undefined || this.#isStopping) {
      for (const worker of fresh) worker.kill();
      return failure;
    }
    const old = slots.map((slot, index) => {
      const before = slot.worker;
      clearTimeout(slot.timer);
      slot.worker = fresh[index];
      return before;
    });
    for (const worker of fresh) if (worker.state === "ended") this.#revive(worker);
    this.#parts.handOver.flush();
    await Promise.all(old.map((worker) => worker && this.#retire(worker, order, 0)));
    return undefined;
  }

  /** Ends all workers and then starts new ones. Sockets that come meanwhile wait. It returns the first failure. */
  async endAndStart(order: DrainOrder): Promise<Failure | undefined> {
    this.#generation += 1;
    const slots = [...this.#slots];
    await Promise.all(
      slots.map(async (slot) => {
        clearTimeout(slot.timer);
        const { worker } = slot;
        slot.worker = undefined;
        if (worker !== undefined) await this.#retire(worker, order, 0);
      }),
    );
    const failures = await Promise.all(slots.map((slot) => this.#fill(slot)));
    // A worker that failed is not started again before the next save.
    for (const [index, slot] of slots.entries()) if (failures[index] !== undefined) slot.worker = undefined;
    return failures.find((each) => each !== undefined);
  }

  /** Ends the workers that are starting, for example those of a reload after which another file was saved. */
  abandonStarting(): void {
    for (const worker of this.#alive) if (worker.state === "starting") worker.kill();
  }

  /** Replaces a worker that is unhealthy. */
  async replace(worker: WorkerProcess, order: DrainOrder): Promise<void> {
    const slot = this.#slots.find((each) => each.worker === worker);
    if (slot === undefined || this.#isStopping) return;
    const failure = await this.#exchange(slot, order);
    if (failure !== undefined)
      this.#parts.logger.error("a worker can't be replaced", { reason: failure.text });
  }

  /** Ends all workers for good. It returns false where one of them had to be killed. */
  async stop(order: DrainOrder): Promise<boolean> {
    this.#isStopping = true;
    for (const slot of this.#slots) clearTimeout(slot.timer);
    const ended = await Promise.all([...this.#alive].map((worker) => this.#stop(worker, order)));
    return ended.every(Boolean);
  }

  /** Kills all workers. */
  kill(): void {
    this.#isStopping = true;
    for (const worker of this.#alive) worker.kill();
  }

  async #stop(worker: WorkerProcess, order: DrainOrder): Promise<boolean> {
    // A worker takes no orders before it has started.
    if (worker.state === "starting") worker.kill();
    return this.#retire(worker, order);
  }

  async #exchange(slot: Slot, order: DrainOrder): Promise<Failure | undefined> {
    const fresh = this.#launch();
    const failure = await this.#ready(fresh);
    if (failure !== undefined) {
      fresh.kill();
      return failure;
    }
    const before = slot.worker;
    clearTimeout(slot.timer);
    if (this.#slots.includes(slot)) slot.worker = fresh;
    else void this.#retire(fresh, order);
    this.#parts.handOver.flush();
    if (before !== undefined) await this.#retire(before, order);
    return undefined;
  }

  /** Drains a worker. If that takes too long the worker is killed, and the result is false. */
  async #retire(worker: WorkerProcess, order: DrainOrder, margin: number = endMargin): Promise<boolean> {
    worker.drain(order);
    // The lifespan's shutdown has a grace of its own, and requests that are answered before the drain take some time as
    // well.
    const limit = margin === 0 ? order.window + order.grace : order.window + 2 * order.grace + 2 * margin;
    return inTime(
      worker,
      worker.ended.then(() => true),
      limit,
      false,
    );
  }

  async #ready(worker: WorkerProcess): Promise<Failure | undefined> {
    const text = `it was not ready within ${this.startLimit} ms`;
    const late: Failure = { type: "failed", code: 3, text };
    return inTime<Failure | undefined>(worker, worker.started, this.startLimit, late);
  }

  async #fill(slot: Slot): Promise<Failure | undefined> {
    slot.worker = this.#launch();
    return this.#ready(slot.worker);
  }

  #launch(): WorkerProcess {
    const worker = new WorkerProcess(this.#parts.spawn(), this.#generation, {
      onReport: (reporter, report) => this.#heard(reporter, report),
      onEnded: (ended) => this.#ended(ended),
    });
    this.#alive.add(worker);
    return worker;
  }

  #heard(worker: WorkerProcess, report: Report): void {
    if (report.type === "ready") {
      this.#hasServed = true;
      this.#parts.handOver.flush();
    } else if (report.type === "failing") this.#revive(worker);
    this.#parts.onReport(worker, report);
  }

  #ended(worker: WorkerProcess): void {
    this.#alive.delete(worker);
    this.#parts.handOver.takeBack(worker);
    this.#revive(worker);
  }

  /** Starts another worker in place of one that died, after a pause. */
  #revive(worker: WorkerProcess): void {
    const slot = this.#slots.find((each) => each.worker === worker);
    if (slot === undefined || this.#isStopping || !this.#hasServed) return;
    slot.worker = undefined;
    const { wasReady, wasKilled } = worker;
    const delay = slot.backoff.after({ wasReady, wasKilled, life: performance.now() - worker.startedAt });
    const fields = { worker: worker.pid, again: `${Math.round(delay)} ms` };
    this.#parts.logger.warn("a worker has ended, and another is started", fields);
    slot.timer = setTimeout(() => void this.#restart(slot), delay);
  }

  async #restart(slot: Slot): Promise<void> {
    const failure = await this.#fill(slot);
    if (failure !== undefined && !this.#isStopping) {
      this.#parts.logger.error("a worker did not start", { reason: failure.text });
    }
  }
}
