import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Application } from "@ws/events";
import { type Logger, type ServeOptions, type Server, serve } from "@ws/server";
import type { Loaded } from "../load/load-settings.js";
import type { DrainOrder, Order } from "../parent/messages.js";
import { logConnections, logRequest } from "./access-log.js";
import { readCertificate } from "./certificate.js";
import { GivenSockets } from "./given-sockets.js";
import { tell } from "./parent-link.js";
import { type Health, wrapApplication } from "./wrap-application.js";

/** How long the connections of a failing worker may take, in ms. */
const failingGrace = 1_000;
/** How often to check whether the latest sockets have been answered, in ms. */
const lookInterval = 10;

type TlsOptions = ServeOptions["tls"];

/** An application that is served in this process, on the sockets that the parent hands over. */
export class Serving {
  readonly #loaded: Loaded;
  readonly #logger: Logger;
  readonly #health: Health;
  readonly #sockets: GivenSockets;
  readonly #tls: TlsOptions;
  #server: Server | undefined;
  #isEnding = false;

  /** @throws Node's own error for an invalid certificate. */
  constructor(loaded: Loaded, logger: Logger) {
    const { settings, extra } = loaded;
    this.#loaded = loaded;
    this.#logger = logger;
    this.#health = { prefix: settings.health, isReady: true };
    this.#tls = readCertificate(settings, extra["tls"] as TlsOptions);
    this.#sockets = new GivenSockets((report) => void tell(report), this.#tls !== undefined);
  }

  /** Runs the application's start-up. Rejects as `serve` does. */
  async start(application: Application): Promise<void> {
    const { settings, server, extra } = this.#loaded;
    const { accessLog } = settings;
    const onAnswered: Parameters<typeof wrapApplication>[2] = accessLog
      ? (scope, status, duration) => logRequest(this.#logger, scope, status, duration)
      : undefined;
    const wrapped = wrapApplication(application, this.#health, onAnswered);
    const options = { ...server, listen: false, logger: extra["logger"] ?? this.#logger, tls: this.#tls };
    this.#server = await serve(wrapped, options as ServeOptions);
    if (accessLog) logConnections(this.#logger);
  }

  onOrder(order: Order, socket: Socket | undefined): void {
    if (typeof order === "number") this.#take(order, socket);
    else if (order.type === "ping") void tell({ type: "pong", rss: process.memoryUsage.rss() });
    else if (order.type === "health") this.#health.isReady = order.isReady;
    else if (order.type === "renew") this.#renew();
    else void this.#drain(order);
  }

  /** Handles an exception that nobody caught. The state of the process is unknown then, so it ends soon, with 1. */
  async fail(error: unknown): Promise<void> {
    this.#logger.error("an exception was not caught: this process drains and is replaced", { error });
    void tell({ type: "failing" });
    // By then the parent knows of it, and hands over no more sockets.
    await pause(lookInterval);
    setTimeout(() => process.exit(1), failingGrace + 500).unref();
    await this.#end({ type: "drain", window: 0, grace: failingGrace, reason: "" }, 1);
  }

  /** The parent is gone. */
  async orphaned(): Promise<void> {
    const { drain, grace } = this.#loaded.settings;
    await this.#end({ type: "drain", window: drain, grace, reason: "" }, 0);
  }

  #take(id: number, socket: Socket | undefined): void {
    if (socket === undefined) return this.#sockets.lost(id);
    this.#sockets.add(id, socket);
    if (this.#server === undefined) socket.destroy();
    else this.#server.accept(socket);
  }

  #renew(): void {
    let error: string | undefined;
    try {
      const tls = readCertificate(this.#loaded.settings, this.#tls);
      if (tls !== undefined) this.#server?.setSecureContext(tls);
    } catch (cause) {
      error = (cause as Error).message;
    }
    void tell({ type: "renewed", error });
  }

  /** Closes the connections after the handshakes under way have been answered, and ends this process. */
  async #drain(order: DrainOrder): Promise<void> {
    while (!this.#sockets.isSettled) await pause(lookInterval);
    await this.#end(order, 0);
  }

  async #end({ window, grace, reason }: DrainOrder, code: number): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#health.isReady = false;
    try {
      await this.#server?.close({ drain: { window }, grace, reason });
    } catch (error) {
      this.#logger.error("the server did not end in order", { error });
    }
    this.#sockets.report();
    process.exit(code);
  }
}
