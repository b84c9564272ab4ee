import type { ChildProcess } from "node:child_process";
import type { Logger } from "@ws/server";
import { announce, createLogger } from "../logging/logger.js";
import type { Settings } from "../options/settings.js";
import { HandOver } from "../parent/hand-over.js";
import { Listener } from "../parent/listener.js";
import type { DrainOrder, Failure, Report, ServerFacts } from "../parent/messages.js";
import { notifySystemd, passedDescriptor } from "../parent/notify.js";
import { PidFile } from "../parent/pid-file.js";
import { Supervisor } from "../parent/supervisor.js";
import { WellBeingWatch } from "../parent/well-being.js";
import type { WorkerProcess } from "../parent/worker-process.js";
import { Certificates } from "./certificates.js";
import { exitCodes } from "./exit-codes.js";
import { Reloader } from "./reloader.js";

/** A failed start: the text to print, and the exit code. */
export class StartFailure extends Error {
  readonly code: number;

  constructor({ code, text }: Pick<Failure, "code" | "text">) {
    super(text);
    this.code = code;
  }
}

/** The process that listens, hands sockets to workers, and takes signals. */
export class Parent {
  readonly #file: string;
  readonly #supervisor: Supervisor;
  readonly #handOver: HandOver;
  #settings: Settings | undefined;
  #onResolved: (settings: Settings, facts: ServerFacts) => void = () => {};
  #logger: Logger = createLogger({ log: "pretty", logLevel: "info" });
  #listener: Listener | undefined;
  #watch: WellBeingWatch | undefined;
  #reloader: Reloader | undefined;
  #certificates: Certificates | undefined;
  #pidFile: PidFile | undefined;
  #isEnding = false;
  /** Work that must be done one after the other, such as rolling restarts. */
  #queue: Promise<void> = Promise.resolve();

  /** `file` is the application's file; `spawn` starts the process of a worker. */
  constructor(file: string, spawn: () => ChildProcess) {
    this.#file = file;
    this.#handOver = new HandOver(() => this.#supervisor.workers);
    const logger: Logger = {
      debug: (...line) => this.#logger.debug(...line),
      info: (...line) => this.#logger.info(...line),
      warn: (...line) => this.#logger.warn(...line),
      error: (...line) => this.#logger.error(...line),
    };
    this.#supervisor = new Supervisor({
      spawn,
      handOver: this.#handOver,
      logger,
      onReport: (worker, report) => this.#heard(worker, report),
    });
  }

  /**
   * Starts the workers, and listens when the first one is ready.
   *
   * @throws {StartFailure} where the first one fails, {ListenError} where it cannot listen.
   */
  async start(): Promise<void> {
    const resolved = new Promise<readonly [Settings, ServerFacts]>((resolve) => {
      this.#onResolved = (...told) => resolve(told);
    });
    const first = this.#supervisor.add();
    const failed = first.then((failure) => {
      if (failure !== undefined) throw new StartFailure(failure);
    });
    // The first worker may fail before it has reported its settings.
    const [settings, { hasTls, startupTimeout }] = await Promise.race([
      resolved,
      failed.then(() => resolved),
    ]);
    this.#settings = settings;
    this.#logger = createLogger(settings);
    this.#handOver.isSecure = hasTls;
    this.#supervisor.setStartupTimeout(startupTimeout);
    const others = Array.from({ length: settings.workers - 1 }, () => this.#supervisor.add());
    await failed;
    if (this.#isEnding) return;
    const fd = settings.fd ?? passedDescriptor(process.env, process.pid);
    this.#listener = await Listener.open({ ...settings, fd }, (socket) => this.#handOver.take(socket));
    this.#pidFile = settings.pidFile === undefined ? undefined : new PidFile(settings.pidFile);
    this.#watch = new WellBeingWatch(() => this.#supervisor.workers, settings, this.#logger);
    const { tlsCert, tlsKey } = settings;
    if (tlsCert !== undefined && tlsKey !== undefined) this.#certificates = new Certificates(tlsCert, tlsKey);
    announce(settings, this.#listener.url(hasTls ? "https" : "http"), { workers: settings.workers });
    notifySystemd("READY=1", this.#logger);
    void Promise.all(others).then((failures) => {
      const failure = failures.find((each) => each !== undefined);
      if (failure !== undefined) this.#logger.error("a worker did not start", { reason: failure.text });
    });
    // The watcher starts only now, because it would have competed with the first worker for the processor. It also finds
    // what has changed meanwhile.
    if (settings.reload) await this.#startReloader(settings);
  }

  /** Handles the first signal: accepts connections for the delay, then drains all of them. It returns the exit code. */
  async end(): Promise<number> {
    this.#isEnding = true;
    const settings = this.#settings;
    notifySystemd("STOPPING=1", this.#logger);
    for (const worker of this.#supervisor.workers) worker.say({ type: "health", isReady: false });
    await this.#reloader?.close();
    const delay = settings?.shutdownDelay ?? 0;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    this.#listener?.close();
    const isOrderly = await this.#supervisor.stop(this.#order(""));
    this.#handOver.close();
    this.#close();
    return isOrderly ? exitCodes.asAsked : exitCodes.forced;
  }

  /** Ends everything at once. */
  kill(): void {
    this.#supervisor.kill();
    this.#close();
  }

  /**
   * Reads everything again: restarts the workers one after the other, or only renews the certificate where nothing else has
   * changed.
   */
  hangUp(): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#isEnding || this.#settings === undefined) return;
      const certificates = this.#certificates;
      if (certificates !== undefined && (await certificates.areAllThatChanged(this.#fileRoots()))) {
        for (const worker of this.#supervisor.workers) worker.say({ type: "renew" });
        return;
      }
      await this.#roll();
    });
  }

  /** Adds a worker, or removes one. */
  scale(change: 1 | -1): void {
    if (this.#isEnding || this.#settings === undefined) return;
    if (change < 0) this.#supervisor.remove(this.#order(""));
    else
      void this.#supervisor
        .add()
        .then((failure) => failure && this.#complain("a worker did not start", failure));
    this.#logger.info("the number of workers has changed", { workers: this.#supervisor.size });
  }

  async #roll(): Promise<void> {
    const began = performance.now();
    this.#logger.info("rolling restart", { workers: this.#supervisor.size });
    notifySystemd("RELOADING=1", this.#logger);
    const failure = await this.#supervisor.roll(this.#order("restart"));
    notifySystemd("READY=1", this.#logger);
    if (failure !== undefined)
      this.#complain("the rolling restart stops: a new worker did not start", failure);
    else this.#logger.info("restarted", { duration: Math.round(performance.now() - began) });
  }

  #complain(message: string, { text }: Failure): void {
    this.#logger.error(message, { reason: text });
  }

  #order(reason: string): DrainOrder {
    const { drain = 0, grace = 0 } = this.#settings ?? {};
    return { type: "drain", window: drain, grace, reason };
  }

  #fileRoots(): readonly [current: string, application: string] {
    return [process.cwd(), this.#file];
  }

  async #startReloader(settings: Settings): Promise<void> {
    this.#reloader = new Reloader(this.#supervisor, settings, this.#logger);
    await this.#reloader.start(...this.#fileRoots());
  }

  #heard(worker: WorkerProcess, report: Report): void {
    if (report.type === "resolved") {
      this.#onResolved(report.settings, report.server);
      if (this.#settings !== undefined) this.#adopt(report.settings);
    } else if (report.type === "pong" && this.#watch?.isTooLarge(report.rss)) {
      this.#logger.warn("a worker takes too much memory and is replaced", {
        worker: worker.pid,
        rss: report.rss,
      });
      void this.#supervisor.replace(worker, this.#order("restart"));
    } else if (report.type === "renewed") this.#renewed(worker, report.error);
  }

  /** Takes over the settings that a new worker has read, except where to listen. */
  #adopt(settings: Settings): void {
    const before = this.#settings;
    this.#settings = settings;
    this.#logger = createLogger(settings);
    if (this.#watch !== undefined) this.#watch.limits = settings;
    const fixed = ["host", "port", "unix", "fd", "workers", "pidFile", "reload"] as const;
    const changed = fixed.filter((key) => before?.[key] !== settings[key]);
    if (changed.length === 0) return;
    this.#logger.warn("these options change only with a new start", { options: changed.join(", ") });
  }

  #renewed(worker: WorkerProcess, error: string | undefined): void {
    if (error === undefined) {
      this.#certificates?.renewed();
      this.#logger.info("the certificate was read again", { worker: worker.pid });
    } else
      this.#logger.error("the certificate can't be used, and the old one stays", {
        worker: worker.pid,
        reason: error,
      });
  }

  #close(): void {
    this.#watch?.stop();
    this.#listener?.close();
    this.#pidFile?.remove();
  }
}
