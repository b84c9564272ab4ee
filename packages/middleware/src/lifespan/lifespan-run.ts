import type { Application, LifespanScope, Receive, Send } from "@ws/events";
import { checkResult, describeValue, isNotAnApplication } from "@ws/events/checks";
import type { LifespanOptions } from "./lifespan-options.js";

/** The message of an error in one line. Node's error for a refused connection may have a code and no message. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return describeValue(error);
  const { code } = error as { readonly code?: unknown };
  return error.message || (typeof code === "string" ? code : error.name);
}

/** The lifespan of one process: ours around that of the application inside, if it has one. */
export class LifespanRun<State extends object> {
  readonly #options: LifespanOptions<State>;
  readonly #receive: Receive;
  readonly #send: Send;
  /** The result of `startup`. */
  #state: State | undefined;
  /** The state of the application inside. It may have no lifespan, and then never receives the start-up. */
  #inner: "idle" | "starting" | "started" | "failed" | "stopped" = "idle";

  constructor(options: LifespanOptions<State>, receive: Receive, send: Send) {
    this.#options = options;
    this.#receive = receive;
    this.#send = send;
  }

  async around(application: Application, scope: LifespanScope): Promise<void> {
    await this.#receive();
    try {
      await this.#startUp(scope.state);
    } catch (error) {
      return await this.#send({ type: "lifespan.startup.failed", message: messageOf(error) });
    }
    let failure: unknown;
    try {
      checkResult(await application(scope, this.#innerReceive, this.#innerSend), "lifespan(…)");
    } catch (error) {
      failure = error;
    }
    if (this.#inner === "failed" || this.#inner === "stopped") return;
    if (this.#inner === "starting" || isNotAnApplication(failure)) {
      await this.#shutDown();
      throw failure ?? new Error("the application ended before lifespan.startup.complete");
    }
    if (this.#inner === "idle") await this.#send({ type: "lifespan.startup.complete" });
    const left = this.#inner === "started" && failure !== undefined ? [messageOf(failure)] : [];
    await this.#receive();
    await this.#stop(left);
  }

  async #startUp(into: Record<string, unknown>): Promise<void> {
    const given: unknown = await this.#options.startup?.();
    if (given !== undefined && (typeof given !== "object" || given === null)) {
      throw new TypeError(
        `lifespan: startup: expected an object of what goes into the state, got ${describeValue(given)}`,
      );
    }
    this.#state = (given ?? {}) as State;
    Object.assign(into, this.#state);
  }

  /** Gives the start-up to the application inside. All later events are those of the server. */
  readonly #innerReceive: Receive = async () => {
    if (this.#inner !== "idle") return await this.#receive();
    this.#inner = "starting";
    return { type: "lifespan.startup" };
  };

  readonly #innerSend: Send = async (event) => {
    if (event.type === "lifespan.startup.complete") {
      await this.#send(event);
      this.#inner = "started";
    } else if (event.type === "lifespan.startup.failed") {
      this.#inner = "failed";
      await this.#shutDown();
      await this.#send(event);
    } else if (event.type === "lifespan.shutdown.complete") {
      this.#inner = "stopped";
      await this.#stop([]);
    } else if (event.type === "lifespan.shutdown.failed") {
      this.#inner = "stopped";
      await this.#stop([event.message || "no reason given"]);
    } else await this.#send(event);
  };

  /** The last step: closes what was opened, and tells the server what failed inside or here. */
  async #stop(failures: readonly string[]): Promise<void> {
    const message = [...failures, ...(await this.#shutDown())].join("; ");
    if (message === "") await this.#send({ type: "lifespan.shutdown.complete" });
    else await this.#send({ type: "lifespan.shutdown.failed", message });
  }

  /** Closes what was opened, and returns the messages of what failed. */
  async #shutDown(): Promise<readonly string[]> {
    try {
      await this.#options.shutdown?.(this.#state as State);
      return [];
    } catch (error) {
      return [messageOf(error)];
    }
  }
}
