import {
  type Application,
  BrandedError,
  type FailedCall,
  lifespanSendTransitions,
  nextState,
  ProtocolError,
  type Receive,
  type ReceiveEvent,
  type Send,
  type SendEvent,
  sendEventProblem,
  sentAtOnce,
  trackedRejection,
} from "@ws/events";
import { checkApplication, checkResult, isNotAnApplication } from "@ws/events/checks";
import type { Logger } from "./logger.js";
import type { Clock } from "./timing/clock.js";

type LifespanState = keyof typeof lifespanSendTransitions;

/** The start-up failed. The message is the application's own. */
export class StartupError extends BrandedError {
  static override readonly kind: string = "@ws/server.StartupError";
  override readonly name: string = "StartupError";
}

/** Runs an application's lifespan: start-up before the first connection, shutdown after the last. ASGI lifespan 2.0. */
export class Lifespan {
  /** What the application's start-up stores for the scopes of later connections. */
  readonly state: Record<string, unknown> = {};
  readonly #application: Application;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #state: LifespanState = "starting";
  /**
   * Whether the application has received `startup`. An error after that is a failed start; an error before it means that the
   * application has no lifespan.
   */
  #took = false;
  /** Why start-up or shutdown failed, in the application's words. */
  #failure: string | undefined;
  #error: unknown;
  #hasReturned = false;
  #onChange: () => void = () => {};
  /** The calls of `receive` that wait for the shutdown. */
  readonly #waiting: ((event: ReceiveEvent) => void)[] = [];

  constructor(application: Application, clock: Clock, logger: Logger) {
    this.#application = application;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * Calls the application and waits for its start-up. `caller` is the function of ours that was given the application; an
   * error names it.
   *
   * @throws {NotAnApplication} at once for a value that is no application, such as a middleware; or the promise rejects with
   *   it.
   * @throws {StartupError} by rejection, where the application reports a failure, throws, returns or does not answer within
   *   `timeout` ms.
   */
  startup(timeout: number, caller = "serve"): Promise<void> {
    checkApplication(this.#application, caller);
    const asgi = { version: "3.0", specVersion: "2.0" } as const;
    const scope = { type: "lifespan", asgi, state: this.state } as const;
    let running: Promise<void>;
    try {
      running = this.#application(scope, this.#receive, this.#send);
    } catch (error) {
      if (isNotAnApplication(error)) throw error;
      running = Promise.reject(error);
    }
    checkResult(running, caller);
    void this.#watch(running, caller);
    return this.#started(timeout);
  }

  async #started(timeout: number): Promise<void> {
    const inTime = await this.#until(() => this.#state !== "starting" || this.#hasReturned, timeout);
    if (this.#state === "started") return;
    const cause = this.#error;
    if (this.#state === "failed") throw new StartupError(`start-up failed: ${this.#failure}`, { cause });
    if (!inTime) throw new StartupError(`start-up failed: no lifespan.startup.complete within ${timeout} ms`);
    if (isNotAnApplication(this.#error)) throw this.#error;
    if (!this.#took) return this.#logger.debug("the application does not support the lifespan protocol");
    throw new StartupError("start-up failed: the application ended before lifespan.startup.complete", {
      cause,
    });
  }

  /** Runs the shutdown and waits for it at most `timeout` ms. An application without a start-up has no shutdown either. */
  async shutdown(timeout: number): Promise<void> {
    if (this.#state !== "started") return;
    this.#state = "stopping";
    for (const resolve of this.#waiting.splice(0)) resolve({ type: "lifespan.shutdown" });
    const inTime = await this.#until(() => this.#state === "stopped" || this.#hasReturned, timeout);
    if (!inTime) this.#logger.warn("lifespan.shutdown was not completed in time", { timeout });
    else if (this.#failure !== undefined) this.#logger.error("shutdown failed", { reason: this.#failure });
  }

  async #watch(running: Promise<unknown>, caller: string): Promise<void> {
    try {
      checkResult(await running, caller);
    } catch (error) {
      this.#error = error;
      if (this.#state === "started" || this.#state === "stopping") {
        this.#logger.error("the application's lifespan failed", { error });
      }
    }
    this.#hasReturned = true;
    this.#onChange();
  }

  readonly #receive: Receive = () => {
    if (!this.#took) {
      this.#took = true;
      return Promise.resolve({ type: "lifespan.startup" });
    }
    if (this.#state === "stopping") return Promise.resolve({ type: "lifespan.shutdown" });
    return new Promise((resolve) => this.#waiting.push(resolve));
  };

  readonly #send: Send = (event) => {
    try {
      this.#take(event);
      return sentAtOnce;
    } catch (error) {
      return trackedRejection(error, "send", this.#onFailedCall);
    }
  };

  #take(event: SendEvent): void {
    const problem = sendEventProblem(event);
    if (problem !== undefined) throw new ProtocolError("ERR_WS_EVENT_INVALID", problem);
    this.#state = nextState<LifespanState>(lifespanSendTransitions, this.#state, event);
    if (event.type === "lifespan.startup.failed" || event.type === "lifespan.shutdown.failed") {
      this.#failure = event.message || "no reason given";
    }
    this.#onChange();
  }

  /**
   * Handles a rejected event whose promise nobody awaited: the start-up or shutdown fails at once, because waiting for a
   * valid event would end only with the time-out.
   */
  readonly #onFailedCall = (failed: FailedCall): void => {
    this.#clock.nextTurn(() => {
      if (failed.isTaken) return;
      const { call, error } = failed;
      this.#logger.error("a call of the lifespan failed and nobody awaited it", { call, error });
      if (this.#state !== "starting") return;
      this.#error = error;
      this.#failure = (error as Error).message;
      this.#state = "failed";
      this.#onChange();
    });
  };

  /** Waits until `condition` holds, which is tested after each change; `false` when the time is up first. */
  #until(condition: () => boolean, timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => resolve(false), timeout);
      this.#onChange = () => {
        if (!condition()) return;
        this.#clock.clearTimeout(timer);
        resolve(true);
      };
      this.#onChange();
    });
  }
}
